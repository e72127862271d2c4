namespace OpenBitum.Chains;

/// <summary>The last block whose payments were told.</summary>
public sealed record ChainCursor(long Height, string Hash);

/// <summary>Stored form of a chain follower; all else of it is rows.</summary>
public sealed record FollowerState
{
    /// <summary>Grows with every activation: the upper half of its looks' numbers, so that they grow across restarts.</summary>
    public long Epoch { get; init; }

    /// <summary>Null before the first look.</summary>
    public ChainCursor? Cursor { get; init; }

    /// <summary>Hash of block 0 of the chain that is followed.</summary>
    public string? Genesis { get; init; }

    /// <summary>Where following began: what lies below was never ours.</summary>
    public long FirstHeight { get; init; }

    /// <summary>Start of the last complete look before the last write.</summary>
    public DateTimeOffset? SeenThrough { get; init; }
}
