using OpenBitum.Access;

namespace OpenBitum.Customers;

/// <summary>Stored form of a customer.</summary>
public sealed record CustomerState
{
    public required CustomerId Id { get; init; }

    public required MerchantId Merchant { get; init; }

    /// <summary>As the buyer wrote it first; the grain's key folds its case.</summary>
    public required string Email { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last event's number.</summary>
    public long Sequence { get; init; }
}
