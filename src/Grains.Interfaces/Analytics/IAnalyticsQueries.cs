using OpenBitum.Access;

namespace OpenBitum.Analytics;

/// <summary>What a merchant sold; a stateless worker under any key.</summary>
[Alias("openbitum.analytics.queries")]
public interface IAnalyticsQueries : IGrainWithStringKey
{
    /// <summary>
    /// The cost grows with the days that are asked for, and with the orders of a day only where the period begins or ends within it.
    /// </summary>
    [Alias("OfMerchant")]
    Task<AnalyticsView> OfMerchant(MerchantId merchant, AnalyticsPeriod period);
}
