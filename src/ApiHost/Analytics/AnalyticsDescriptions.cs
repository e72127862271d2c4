using OpenBitum.Money;
using OpenBitum.OpenApi;

namespace OpenBitum.Analytics;

/// <summary>What the document says of analytics.</summary>
internal static class AnalyticsDescriptions
{
    public static Operation Read() => new("getAnalytics", Tag.Customers, "Tells what was sold in a period")
    {
        About = $"""
            A sale belongs to the moment its order was paid: `from` <= `paidAt` < `to`. Orders on SANDBOX count like others; a reversed one
            does not while its money is gone. Sales are gross, `refunds` stand beside them at their own time. `orders`: `created` by
            `createdAt`, `paid` by `paidAt`, `expired` by `expiresAt` (not those that were paid late after all), `refunded` by the refund.
            `received` is what is confirmed on a chain, excess included. `series` has no gaps; its first point begins at `from`, the
            others at midnight UTC, weeks on Monday. `reserves` sets the site's reserveRatios beside the shares received, by value at
            the rates of now; `actual` is null when nothing was received, or something has no rate. A period has at most
            {AnalyticsPeriod.MostDays} days and {AnalyticsPeriod.MostPoints} points, `byProduct` the {AnalyticsReport.MostProducts} best sold.
            """.ReplaceLineEndings(" "),
        Parameters =
        [
            new("from", Schema.Time, "The beginning; left out: 30 days before the end."),
            new("to", Schema.Time, "The moment behind the end; left out: the end of today, UTC."),
            new("interval", Schema.OneOf<AnalyticsInterval>(), "How long a point of `series` is; left out: day."),
        ],
        Example = new AnalyticsView
        {
            From = AnalyticsPeriod.StartOfDay(Sample.At),
            To = AnalyticsPeriod.StartOfDay(Sample.At).AddDays(1),
            Sales = [Sample.Price],
            Refunds = [],
            Orders = new OrderCounts(2, 1, 1, 0),
            Series = [new SeriesPoint(AnalyticsPeriod.StartOfDay(Sample.At), [Sample.Price], 1)],
            ByProduct = [new ProductSales(Sample.Product, "Course 101", 1, [Sample.Price])],
            ByChain = [new ChainSales("BTC", 1, [new Amount(Asset.Bitcoin, 33_200)])],
            Reserves = [new ReserveShare("BTC", 0.6m, 1m), new ReserveShare("USDC", 0.4m, 0m)],
        },
    };
}
