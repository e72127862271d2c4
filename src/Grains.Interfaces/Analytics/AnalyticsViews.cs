using System.Collections.Immutable;
using OpenBitum.Catalog;
using OpenBitum.Money;

namespace OpenBitum.Analytics;

/// <summary>What merchants read of their sales. A sale belongs to the moment it was paid, whatever it brought afterwards.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.analytics.analytics-view")]
public sealed record AnalyticsView
{
    [Id(0)] public required DateTimeOffset From { get; init; }

    /// <summary>The moment behind the period.</summary>
    [Id(1)] public required DateTimeOffset To { get; init; }

    /// <summary>Totals of the orders paid in the period, one for each currency or asset they were priced in; refunds are not taken off.</summary>
    [Id(2)] public required ImmutableArray<Amount> Sales { get; init; }

    /// <summary>What was refunded in the period, whenever it was paid.</summary>
    [Id(3)] public required ImmutableArray<Amount> Refunds { get; init; }

    [Id(4)] public required OrderCounts Orders { get; init; }

    /// <summary>The whole period without gaps, oldest first.</summary>
    [Id(5)] public required ImmutableArray<SeriesPoint> Series { get; init; }

    /// <summary>Best sold first; at most 1,000.</summary>
    [Id(6)] public required ImmutableArray<ProductSales> ByProduct { get; init; }

    [Id(7)] public required ImmutableArray<ChainSales> ByChain { get; init; }

    [Id(8)] public required ImmutableArray<ReserveShare> Reserves { get; init; }
}

/// <summary>How many orders, each by a moment of its own.</summary>
/// <param name="Created">By createdAt, whatever became of them.</param>
/// <param name="Paid">By paidAt; refunded ones included, reversed ones not while their money is gone.</param>
/// <param name="Expired">By expiresAt; not those that were paid late after all.</param>
/// <param name="Refunded">By the refund's time.</param>
[GenerateSerializer, Immutable, Alias("openbitum.analytics.order-counts")]
public sealed record OrderCounts(
    [property: Id(0)] long Created,
    [property: Id(1)] long Paid,
    [property: Id(2)] long Expired,
    [property: Id(3)] long Refunded);

/// <summary>One day, ISO week or month, cut to the period.</summary>
/// <param name="From">Where it begins: at midnight UTC, or where the period does.</param>
[GenerateSerializer, Immutable, Alias("openbitum.analytics.series-point")]
public sealed record SeriesPoint(
    [property: Id(0)] DateTimeOffset From,
    [property: Id(1)] ImmutableArray<Amount> Sales,
    [property: Id(2)] long Orders);

/// <param name="ProductName">As it is now.</param>
[GenerateSerializer, Immutable, Alias("openbitum.analytics.product-sales")]
public sealed record ProductSales(
    [property: Id(0)] ProductId ProductId,
    [property: Id(1)] string ProductName,
    [property: Id(2)] long Orders,
    [property: Id(3)] ImmutableArray<Amount> Sales);

/// <param name="Orders">How many paid orders received something on it.</param>
/// <param name="Received">What is confirmed, excess included.</param>
[GenerateSerializer, Immutable, Alias("openbitum.analytics.chain-sales")]
public sealed record ChainSales(
    [property: Id(0)] string Chain,
    [property: Id(1)] long Orders,
    [property: Id(2)] ImmutableArray<Amount> Received);

/// <summary>Which part of what was received is in one asset.</summary>
/// <param name="Target">What the site wants: 0 to 1.</param>
/// <param name="Actual">By value at the rates of now, 0 to 1 in four digits; null when nothing was received, or something has no rate.</param>
[GenerateSerializer, Immutable, Alias("openbitum.analytics.reserve-share")]
public sealed record ReserveShare(
    [property: Id(0)] string Asset,
    [property: Id(1)] decimal Target,
    [property: Id(2)] decimal? Actual);
