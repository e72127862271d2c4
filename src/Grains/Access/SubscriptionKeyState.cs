using System.Collections.Immutable;

namespace OpenBitum.Access;

/// <summary>Stored form of a subscription key.</summary>
public sealed record SubscriptionKeyState
{
    public required SubscriptionKeyId Id { get; init; }

    public required MerchantId Merchant { get; init; }

    public required string Name { get; init; }

    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>
    /// SHA-256 of the text in hex. The text holds 200 random bits, which nobody can try out, so it needs neither a salt nor a slow hash.
    /// </summary>
    public required string Hash { get; init; }

    public required string Hint { get; init; }

    public bool Revoked { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
