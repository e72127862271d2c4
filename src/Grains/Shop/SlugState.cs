using OpenBitum.Access;

namespace OpenBitum.Shop;

/// <summary>Stored form of a slug that somebody has claimed.</summary>
public sealed record SlugState
{
    public required MerchantId Owner { get; init; }

    public required DateTimeOffset ClaimedAt { get; init; }

    /// <summary>The owner's shop has written it down.</summary>
    public bool Confirmed { get; init; }
}
