using System.Collections.Immutable;
using OpenBitum.Access;
using OpenBitum.Outbox;

namespace OpenBitum.Shop;

/// <summary>Stored form of a shop.</summary>
public sealed record ShopState
{
    public required MerchantId Merchant { get; init; }

    public required ShopView Document { get; init; }

    /// <summary>
    /// The document has another slug than the former one, and their grains have yet to hear that it is written. Until then the former
    /// document is what is shown, because the claim may have lapsed and gone to another.
    /// </summary>
    public bool SlugMoves { get; init; }

    /// <summary>While the slug moves: what to go back to; null when there was no shop.</summary>
    public ShopView? Former { get; init; }

    /// <summary>While the slug moves: the command that wants it, which is done when the slug has arrived and not before.</summary>
    public string? MovedBy { get; init; }

    /// <summary>See <see cref="RecentCommands"/>.</summary>
    public ImmutableArray<string> Commands { get; init; } = [];
}
