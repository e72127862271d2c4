using OpenBitum.Access;
using OpenBitum.Checkout;
using OpenBitum.ReadModel;
using OpenBitum.Site;
using Orleans.Concurrency;

namespace OpenBitum.Analytics;

[StatelessWorker]
public sealed class AnalyticsQueries(IDatabase database, FixedRates rates) : Grain, IAnalyticsQueries
{
    public async Task<AnalyticsView> OfMerchant(MerchantId merchant, AnalyticsPeriod period)
    {
        var site = await GrainFactory.GetGrain<ISiteGrain>(ISiteGrain.Key).View();
        var (entries, names) = await database.Read(async session => (
            await AnalyticsRows.Of(session, merchant, period.From, period.To),
            await AnalyticsRows.ProductNames(session, merchant, period.From, period.To)));
        return AnalyticsReport.Of(period, entries, names, site.ReserveRatios, rates);
    }
}
