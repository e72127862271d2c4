using System.Collections.Immutable;
using OpenBitum.Access;

namespace OpenBitum.Webhooks;

/// <summary>Stored form of a subscription.</summary>
public sealed record WebhookState
{
    public required WebhookId Id { get; init; }

    public required MerchantId Merchant { get; init; }

    public required string Url { get; init; }

    /// <summary>Names of events, or `*` alone.</summary>
    public required ImmutableArray<string> Events { get; init; }

    public string? Description { get; init; }

    /// <summary>Gets deliveries; one that does not has none open.</summary>
    public bool Active { get; init; } = true;

    public bool Deleted { get; init; }

    /// <summary>The endpoint's own key in base64; null where the operator's secret signs.</summary>
    public string? Key { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
