using System.Collections.Immutable;

namespace OpenBitum.Chains;

/// <summary>
/// One chain of unspent outputs, in Bitcoin's serialization, as its node shows it at this moment. Knows nothing of who is paid.
/// </summary>
/// <remarks>Every method throws <see cref="ChainUnavailableException"/> when the node cannot answer.</remarks>
public interface IChain
{
    Task<ChainTip> Tip(CancellationToken cancellationToken);

    /// <summary>Headers of the best chain from a height up; fewer than asked for where the chain ends.</summary>
    Task<ImmutableArray<ChainHeader>> Headers(long from, int count, CancellationToken cancellationToken);

    Task<ChainBlock> Block(ChainHeader header, CancellationToken cancellationToken);

    /// <summary>The ids of what is unconfirmed now, and the tip after they were listed.</summary>
    Task<MempoolListing> Mempool(CancellationToken cancellationToken);

    /// <summary>Those of the unconfirmed transactions that are still there; some may have vanished since they were listed.</summary>
    Task<IReadOnlyList<ChainTransaction>> Transactions(IReadOnlyCollection<TxId> ids, CancellationToken cancellationToken);

    /// <summary>The node's own derivation of a descriptor's first addresses. An unreachable node is an answer here.</summary>
    Task<NodeDerivation> DeriveAddresses(string descriptor, int count, CancellationToken cancellationToken);
}

/// <param name="Time">The tip's own time.</param>
/// <param name="Genesis">Hash of block 0.</param>
/// <param name="Starting">The node says that it does not know the whole chain or mempool yet.</param>
public sealed record ChainTip(long Height, string Hash, DateTimeOffset Time, string Genesis, bool Starting);

public sealed record ChainHeader(long Height, string Hash, string Parent, DateTimeOffset Time);

/// <param name="Raw">The serialized block.</param>
public sealed record ChainBlock(ChainHeader Header, ReadOnlyMemory<byte> Raw);

/// <param name="Raw">The serialized transaction, with or without its witness.</param>
public sealed record ChainTransaction(TxId Id, ReadOnlyMemory<byte> Raw);

/// <param name="TipHash">The tip after the listing: if it is still the one whose blocks were read, what is in neither has vanished.</param>
public sealed record MempoolListing(string TipHash, IReadOnlyList<TxId> Ids);
