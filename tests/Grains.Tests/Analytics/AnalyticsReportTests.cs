using System.Collections.Immutable;
using OpenBitum.Checkout;
using OpenBitum.Money;
using OpenBitum.ReadModel;
using Xunit;

namespace OpenBitum.Analytics;

public sealed class AnalyticsReportTests
{
    private static readonly DateTimeOffset Day = new(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);
    private static readonly AnalyticsPeriod Period = new(Day, Day.AddDays(1), AnalyticsInterval.Day);
    private static readonly ImmutableSortedDictionary<string, decimal> Ratios =
        ImmutableSortedDictionary<string, decimal>.Empty.Add("BTC", 0.75m).Add("LTC", 0.2m).Add("USDC", 0.05m);

    [Fact]
    public void Reserves_set_the_share_of_each_asset_by_value_beside_what_the_site_wants()
    {
        // 0.01 BTC at 60,000 USD and 2 LTC at 100 USD: 600 and 200.
        var reserves = Reserves([("BTC", Asset.Bitcoin, 1_000_000), ("LTC", Asset.Litecoin, 200_000_000)], ("BTC", "60000"), ("LTC", "100"));

        Assert.Equal(
            [new ReserveShare("BTC", 0.75m, 0.75m), new ReserveShare("LTC", 0.2m, 0.25m), new ReserveShare("USDC", 0.05m, 0m)], reserves);
    }

    [Fact]
    public void A_share_is_rounded_to_four_digits()
    {
        var reserves = Reserves([("BTC", Asset.Bitcoin, 2), ("LTC", Asset.Litecoin, 1)], ("BTC", "1"), ("LTC", "1"));

        Assert.Equal((0.6667m, 0.3333m), (reserves[0].Actual, reserves[1].Actual));
    }

    [Fact]
    public void Without_a_rate_of_something_that_was_received_no_share_is_known()
    {
        var reserves = Reserves([("BTC", Asset.Bitcoin, 1), ("LTC", Asset.Litecoin, 1)], ("BTC", "60000"));

        Assert.All(reserves, reserve => Assert.Null(reserve.Actual));
    }

    [Fact]
    public void Where_nothing_was_received_no_share_is_known_and_without_ratios_there_are_no_reserves()
    {
        Assert.All(Reserves([], ("BTC", "60000")), reserve => Assert.Null(reserve.Actual));
        Assert.Empty(AnalyticsReport.Of(Period, [], ImmutableDictionary<string, string>.Empty, null, Rates()).Reserves);
    }

    [Fact]
    public void The_currency_of_the_sales_serves_where_dollars_have_no_rate()
    {
        var euros = new FixedRates(new RatesOptions
        {
            Fixed = ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty
                .Add("BTC", ImmutableSortedDictionary<string, string>.Empty.Add("EUR", "50000")),
        });
        var entries = new[]
        {
            new TallyEntry(Measures.Sold, Day, "", Asset.Currency("EUR"), 1, 100),
            new TallyEntry(Measures.ReceivedOnChain, Day, "BTC", Asset.Bitcoin, 1, 1),
        };

        Assert.Equal(1m, AnalyticsReport.Of(Period, entries, ImmutableDictionary<string, string>.Empty, Ratios, euros).Reserves[0].Actual);
    }

    [Fact]
    public void Products_are_told_best_sold_first_and_a_thousand_at_most()
    {
        var entries = Enumerable.Range(1, AnalyticsReport.MostProducts + 1)
            .Select(number => new TallyEntry(Measures.SoldProduct, Day, $"prd_{number:D4}", Asset.Currency("USD"), number, number))
            .ToList();

        var told = AnalyticsReport.Of(Period, entries, ImmutableDictionary<string, string>.Empty.Add("prd_1001", "Best"), null, Rates()).ByProduct;

        Assert.Equal(AnalyticsReport.MostProducts, told.Length);
        Assert.Equal(("Best", 1_001L), (told[0].ProductName, told[0].Orders));
        Assert.Equal("prd_0002", told[^1].ProductId.Value);
    }

    private static ImmutableArray<ReserveShare> Reserves(
        (string Chain, Asset Asset, long Atoms)[] received, params (string Asset, string Rate)[] rates) => AnalyticsReport.Of(
        Period, [.. received.Select(one => new TallyEntry(Measures.ReceivedOnChain, Day, one.Chain, one.Asset, 1, one.Atoms))],
        ImmutableDictionary<string, string>.Empty, Ratios, Rates(rates)).Reserves;

    private static FixedRates Rates(params (string Asset, string Rate)[] rates) => new(new RatesOptions
    {
        Fixed = rates.ToImmutableSortedDictionary(
            rate => rate.Asset, rate => ImmutableSortedDictionary<string, string>.Empty.Add("USD", rate.Rate)),
    });
}
