using System.Collections.Immutable;
using OpenBitum.Access;
using OpenBitum.Money;
using OpenBitum.Orders;
using OpenBitum.Outbox;

namespace OpenBitum.Catalog;

/// <summary>Stored form of a product.</summary>
public sealed record ProductState
{
    public required ProductId Id { get; init; }

    public required MerchantId Merchant { get; init; }

    /// <summary>Grows with every change that a view shows; it is the ETag. An acknowledgement shows nowhere and leaves it.</summary>
    public required long Revision { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required Amount Price { get; init; }

    public ImmutableArray<string> Images { get; init; } = [];

    /// <summary>Units left to sell; null when nobody counts.</summary>
    public long? Stock { get; init; }

    public bool Active { get; init; } = true;

    public int? TtlSeconds { get; init; }

    public ImmutableArray<ProductEntitlement> Entitlements { get; init; } = [];

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public bool Deleted { get; init; }

    /// <summary>Units by order, for orders that have not written down yet what they took; 0 once they were given back.</summary>
    public ImmutableDictionary<OrderId, int> Unacknowledged { get; init; } = ImmutableDictionary<OrderId, int>.Empty;

    /// <summary>See <see cref="RecentCommands"/>.</summary>
    public ImmutableArray<string> Commands { get; init; } = [];
}
