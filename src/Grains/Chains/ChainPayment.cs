namespace OpenBitum.Chains;

/// <summary>One output to a watched script, as its row keeps it.</summary>
public sealed record ChainPayment
{
    /// <summary>Its outpoint, `txid:index`.</summary>
    public required string Id { get; init; }

    /// <summary>In lower-case hex.</summary>
    public required string Script { get; init; }

    public required string Listener { get; init; }

    public required Int128 Atoms { get; init; }

    public required ObservedState State { get; init; }

    /// <summary>Our clock at the look that met it; the block's time if it was first met in a block and that is earlier.</summary>
    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>Null unless it is confirmed.</summary>
    public long? Height { get; init; }

    public DateTimeOffset? BlockTime { get; init; }

    /// <summary>The depth that its listener wants to hear of; null until it has answered.</summary>
    public int? Wanted { get; init; }

    /// <summary>The listener has yet to acknowledge what is said here.</summary>
    public required bool Unheard { get; init; }

    /// <summary>Deep enough for its listener, or gone, and heard: not told again unless it changes.</summary>
    public bool IsSettled { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public string TxId => Id[..Chains.TxId.HexLength];

    /// <param name="tip">Height of the block that counts as the first confirmation of its own payments.</param>
    public ObservedPayment Observed(string asset, long tip) => new(
        Id, Script, asset, Atoms, FirstSeenAt, State, Height is { } height ? (int)Math.Max(1, tip - height + 1) : 0, Height, BlockTime);
}
