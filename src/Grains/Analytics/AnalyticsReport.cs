using System.Collections.Immutable;
using System.Numerics;
using OpenBitum.Catalog;
using OpenBitum.Checkout;
using OpenBitum.Money;
using OpenBitum.ReadModel;

namespace OpenBitum.Analytics;

/// <summary>Adds up what counted in a period.</summary>
public static class AnalyticsReport
{
    public const int MostProducts = 1_000;

    private const int ShareDigits = 10_000;

    private static readonly Asset UsualCurrency = Asset.Currency("USD")!;

    /// <param name="period">From when to when.</param>
    /// <param name="entries">Of orders, or of days that lie in the period whole.</param>
    /// <param name="productNames">By product id.</param>
    /// <param name="reserveRatios">What the site wants; null: nothing is said.</param>
    /// <param name="rates">What assets are worth now.</param>
    public static AnalyticsView Of(
        AnalyticsPeriod period,
        IReadOnlyCollection<TallyEntry> entries,
        IReadOnlyDictionary<string, string> productNames,
        ImmutableSortedDictionary<string, decimal>? reserveRatios,
        FixedRates rates)
    {
        var measures = entries.ToLookup(entry => entry.Measure);
        return new AnalyticsView
        {
            From = period.From,
            To = period.To,
            Sales = Amounts(measures[Measures.Sold]),
            Refunds = Amounts(measures[Measures.Refunded]),
            Orders = new OrderCounts(
                Number(measures[Measures.Created]), Number(measures[Measures.Sold]), Number(measures[Measures.Expired]),
                Number(measures[Measures.Refunded])),
            Series = Series(period, measures[Measures.Sold]),
            ByProduct = ByProduct(measures[Measures.SoldProduct], productNames),
            ByChain = ByChain(measures[Measures.ReceivedOnChain]),
            Reserves = Reserves(measures, reserveRatios, rates),
        };
    }

    private static ImmutableArray<SeriesPoint> Series(AnalyticsPeriod period, IEnumerable<TallyEntry> sold)
    {
        var starts = period.Points().ToList();
        var byPoint = sold.ToLookup(entry => PointOf(starts, entry.At!.Value));
        return [.. starts.Select((start, index) => new SeriesPoint(start, Amounts(byPoint[index]), Number(byPoint[index])))];
    }

    private static int PointOf(List<DateTimeOffset> starts, DateTimeOffset moment)
    {
        var found = starts.BinarySearch(moment);
        return found >= 0 ? found : ~found - 1;
    }

    private static ImmutableArray<ProductSales> ByProduct(IEnumerable<TallyEntry> sold, IReadOnlyDictionary<string, string> names) =>
    [
        .. sold.GroupBy(entry => entry.Item)
            .Select(product => new ProductSales(
                new ProductId(product.Key), names.GetValueOrDefault(product.Key, product.Key), Number(product), Amounts(product)))
            .Where(product => product.Orders > 0)
            .OrderByDescending(product => product.Orders).ThenBy(product => product.ProductId.Value, StringComparer.Ordinal)
            .Take(MostProducts),
    ];

    private static ImmutableArray<ChainSales> ByChain(IEnumerable<TallyEntry> received) =>
    [
        .. received.GroupBy(entry => entry.Item)
            .Select(chain => new ChainSales(chain.Key, Number(chain), Amounts(chain)))
            .Where(chain => chain.Orders > 0)
            .OrderBy(chain => chain.Chain, StringComparer.Ordinal),
    ];

    private static ImmutableArray<ReserveShare> Reserves(
        ILookup<string, TallyEntry> measures, ImmutableSortedDictionary<string, decimal>? ratios, FixedRates rates)
    {
        if (ratios is null)
        {
            return [];
        }

        var received = Amounts(measures[Measures.ReceivedOnChain]);
        var currencies = Amounts(measures[Measures.Sold]).Select(sales => sales.Asset).Where(asset => asset.IsCurrency).Prepend(UsualCurrency);
        var values = currencies.Select(currency => Values(received, currency, rates)).FirstOrDefault(values => values is not null);
        var sum = values?.Values.Aggregate(BigInteger.Zero, (sum, value) => sum + value) ?? 0;
        return
        [
            .. ratios.Select(ratio => new ReserveShare(
                ratio.Key, ratio.Value, sum.IsZero ? null : Share(values!.GetValueOrDefault(ratio.Key), sum))),
        ];
    }

    /// <summary>What each asset is worth in one currency, all in the same unit; null when one of them has no rate there.</summary>
    private static Dictionary<string, BigInteger>? Values(ImmutableArray<Amount> received, Asset currency, FixedRates rates)
    {
        const int mostDigits = 36;
        var values = new Dictionary<string, BigInteger>();
        foreach (var amount in received)
        {
            if (rates.Find(amount.Asset, currency) is not { } rate)
            {
                return null;
            }

            var unit = BigInteger.Pow(10, mostDigits - amount.Asset.Decimals - rate.Scale);
            values[amount.Asset.Code] = (BigInteger)amount.Atoms * rate.Value * unit;
        }

        return values;
    }

    /// <summary>Rounded to the nearest, half up: it is shown, and nothing is paid by it.</summary>
    private static decimal Share(BigInteger value, BigInteger sum) => (decimal)(((value * ShareDigits) + (sum / 2)) / sum) / ShareDigits;

    private static long Number(IEnumerable<TallyEntry> entries) => entries.Sum(entry => entry.Number);

    private static ImmutableArray<Amount> Amounts(IEnumerable<TallyEntry> entries) =>
    [
        .. entries.Where(entry => entry.Asset is not null)
            .GroupBy(entry => entry.Asset!)
            .Select(asset => asset.Aggregate(Amount.Zero(asset.Key), (sum, entry) => sum + new Amount(asset.Key, entry.Atoms)))
            .Where(amount => !amount.IsZero)
            .OrderBy(amount => amount.Asset.Code, StringComparer.Ordinal),
    ];
}
