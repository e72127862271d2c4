using System.Collections.Immutable;

namespace OpenBitum.Chains;

/// <summary>A node that fails, lies or moves on just when a test wants it.</summary>
internal sealed class BendableChain(IChain node) : IChain
{
    public bool IsDown { get; set; }

    public Func<ChainTip, ChainTip> BendTip { get; set; } = tip => tip;

    /// <summary>Happens once, right before the mempool is listed.</summary>
    public Func<Task>? BeforeMempool { get; set; }

    public Func<MempoolListing, MempoolListing> BendMempool { get; set; } = listing => listing;

    public Func<ChainHeader, bool> LacksBlock { get; set; } = _ => false;

    public Func<long, bool> LacksHeight { get; set; } = _ => false;

    public async Task<ChainTip> Tip(CancellationToken cancellationToken)
    {
        Answer();
        return BendTip(await node.Tip(cancellationToken));
    }

    public async Task<ImmutableArray<ChainHeader>> Headers(long from, int count, CancellationToken cancellationToken)
    {
        Answer();
        return [.. (await node.Headers(from, count, cancellationToken)).Where(header => !LacksHeight(header.Height))];
    }

    public async Task<ChainBlock> Block(ChainHeader header, CancellationToken cancellationToken)
    {
        Answer();
        return LacksBlock(header)
            ? throw new ChainUnavailableException(ChainFault.BlockMissing, "pruned")
            : await node.Block(header, cancellationToken);
    }

    public async Task<MempoolListing> Mempool(CancellationToken cancellationToken)
    {
        Answer();
        if (BeforeMempool is { } happens)
        {
            BeforeMempool = null;
            await happens();
        }

        return BendMempool(await node.Mempool(cancellationToken));
    }

    public Task<IReadOnlyList<ChainTransaction>> Transactions(IReadOnlyCollection<TxId> ids, CancellationToken cancellationToken)
    {
        Answer();
        return node.Transactions(ids, cancellationToken);
    }

    public Task<NodeDerivation> DeriveAddresses(string descriptor, int count, CancellationToken cancellationToken) =>
        node.DeriveAddresses(descriptor, count, cancellationToken);

    private void Answer()
    {
        if (IsDown)
        {
            throw new ChainUnavailableException(ChainFault.NodeUnreachable, "down");
        }
    }
}
