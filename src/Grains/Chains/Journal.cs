namespace OpenBitum.Chains;

/// <summary>A block that was read.</summary>
/// <param name="ReadAt">Our clock when its outputs were matched.</param>
public sealed record JournalBlock(long Height, string Hash, DateTimeOffset Time, DateTimeOffset ReadAt);

/// <summary>The last blocks that were read, without a gap: where a reorg finds its fork.</summary>
public sealed class Journal
{
    private readonly List<JournalBlock> blocks = [];

    /// <summary>From the lowest up.</summary>
    public IReadOnlyList<JournalBlock> Blocks => blocks;

    public JournalBlock? Lowest => blocks.Count == 0 ? null : blocks[0];

    public void Load(IEnumerable<JournalBlock> read)
    {
        blocks.Clear();
        blocks.AddRange(read);
    }

    public void Append(IEnumerable<JournalBlock> read)
    {
        blocks.AddRange(read);
        blocks.RemoveRange(0, Math.Max(0, blocks.Count - FollowOptions.JournalBlocks));
    }

    public void RemoveAbove(long height) => blocks.RemoveAll(block => block.Height > height);

    /// <summary>The highest block that both sides have; null when the fork lies below the journal.</summary>
    /// <param name="headers">The other side.</param>
    public JournalBlock? Fork(IEnumerable<ChainHeader> headers)
    {
        var hashes = headers.Select(header => header.Hash).ToHashSet(StringComparer.Ordinal);
        return blocks.LastOrDefault(block => hashes.Contains(block.Hash));
    }
}
