using System.Collections.Immutable;
using OpenBitum.Analytics;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Money;
using OpenBitum.Orders;

namespace OpenBitum.ReadModel;

/// <summary>Counts orders one by one, as a person with the list of them would.</summary>
public static class Recount
{
    public static AnalyticsView Of(IReadOnlyCollection<MerchantOrderView> orders, AnalyticsPeriod period)
    {
        var sold = orders.Where(IsSold).Where(order => Within(order.PaidAt!.Value, period.From, period.To)).ToList();
        var points = period.Points().Append(period.To).ToList();
        return new AnalyticsView
        {
            From = period.From,
            To = period.To,
            Sales = Sum(sold.Select(order => order.Total)),
            Refunds = [],
            Orders = new OrderCounts(
                orders.Count(order => Within(order.CreatedAt, period.From, period.To)), sold.Count,
                orders.Count(order => order.Status is OrderStatus.Expired && Within(order.ExpiresAt, period.From, period.To)), 0),
            Series =
            [
                .. points.Zip(points.Skip(1)).Select(point => (Point: point, Sold: sold.Where(order => Within(order.PaidAt!.Value, point.First, point.Second))))
                    .Select(point => new SeriesPoint(point.Point.First, Sum(point.Sold.Select(order => order.Total)), point.Sold.Count())),
            ],
            ByProduct =
            [
                .. sold.GroupBy(order => order.ProductId)
                    .Select(product => new ProductSales(product.Key, product.Key.Value, product.Count(), Sum(product.Select(order => order.Total))))
                    .OrderByDescending(product => product.Orders).ThenBy(product => product.ProductId.Value, StringComparer.Ordinal),
            ],
            ByChain =
            [
                .. new[] { Asset.Bitcoin, Asset.Litecoin }
                    .Select(asset => (Asset: asset, Orders: sold.Where(order => Received(order, asset.Code).Any()).ToList()))
                    .Where(chain => chain.Orders.Count > 0)
                    .Select(chain => new ChainSales(
                        chain.Asset.Code, chain.Orders.Count,
                        Sum(chain.Orders.SelectMany(order => Received(order, chain.Asset.Code)).Select(amount => Parse(amount, chain.Asset))))),
            ],
            Reserves = [],
        };
    }

    public static CustomerView Of(CustomerView customer, IReadOnlyCollection<MerchantOrderView> orders)
    {
        var paid = orders.Where(order => order is { Status: OrderStatus.Paid, Reversed: false }).ToList();
        return customer with
        {
            Orders = orders.Count,
            Spent = Sum(paid.Select(order => order.Total)),
            Xp = paid.Sum(order => order.Xp),
            EntitlementCount = orders.Sum(order => order.Entitlements.Count(owned => owned.Status is EntitlementStatus.Active)),
        };
    }

    private static bool IsSold(MerchantOrderView order) =>
        order is { Status: OrderStatus.Paid or OrderStatus.Refunded, Reversed: false };

    private static bool Within(DateTimeOffset moment, DateTimeOffset from, DateTimeOffset to) => from <= moment && moment < to;

    private static IEnumerable<string> Received(MerchantOrderView order, string method) => order.Payments
        .Where(payment => payment.Method == method && payment.State is PaymentState.Confirmed).Select(payment => payment.Amount);

    private static Amount Parse(string text, Asset asset) =>
        Amount.TryParse(text, asset, out var amount) ? amount : throw new FormatException(text);

    private static ImmutableArray<Amount> Sum(IEnumerable<Amount> amounts) =>
    [
        .. amounts.GroupBy(amount => amount.Asset).OrderBy(asset => asset.Key.Code, StringComparer.Ordinal)
            .Select(asset => asset.Aggregate((sum, amount) => sum + amount)),
    ];
}
