using System.Collections.Immutable;
using OpenBitum.Access;
using OpenBitum.ReadModel;

namespace OpenBitum.Customers;

/// <summary>Stored form of a customer, and of those who had the e-mail before and were erased.</summary>
public sealed record CustomerState
{
    public required CustomerId Id { get; init; }

    public required MerchantId Merchant { get; init; }

    /// <summary>As the buyer wrote it first; the grain's key folds its case. A hash once the customer is erased.</summary>
    public required string Email { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last event's number.</summary>
    public long Sequence { get; init; }

    /// <summary>Oldest first; the last one may be <see cref="Id"/>.</summary>
    public ImmutableArray<ErasedCustomer> Erased { get; init; } = [];
}

/// <summary>What is left of an erased customer.</summary>
/// <param name="Hash">In place of the e-mail.</param>
/// <param name="After">Where the last page of orders ended that has the hash; null before the first.</param>
/// <param name="IsDone">All orders have it.</param>
public sealed record ErasedCustomer(
    CustomerId Id, string Hash, DateTimeOffset CreatedAt, DateTimeOffset ErasedAt, Cursor? After, bool IsDone);
