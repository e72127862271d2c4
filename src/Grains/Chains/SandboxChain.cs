using System.Collections.Immutable;
using OpenBitum.ReadModel;

namespace OpenBitum.Chains;

/// <summary>Reads the chain inside the service from its rows; <see cref="SandboxChainGrain"/> writes them.</summary>
public sealed class SandboxChain(IDatabase database) : IChain
{
    public async Task<ChainTip> Tip(CancellationToken cancellationToken)
    {
        var tip = await database.Read(SandboxRows.Tip) ?? SandboxBlock.Genesis;
        var header = tip.Header();
        return new ChainTip(tip.Height, tip.Hash, header.Time, SandboxBlock.Genesis.Hash, Starting: false);
    }

    public async Task<ImmutableArray<ChainHeader>> Headers(long from, int count, CancellationToken cancellationToken)
    {
        var blocks = await database.Read(session => SandboxRows.Blocks(session, from, count));
        IEnumerable<SandboxBlock> all = from == 0 && blocks.Count < count ? [SandboxBlock.Genesis, .. blocks] : blocks;
        return [.. all.Select(block => block.Header())];
    }

    public async Task<ChainBlock> Block(ChainHeader header, CancellationToken cancellationToken)
    {
        if (header.Height == 0)
        {
            return new ChainBlock(header, SandboxBlock.Genesis.Bytes());
        }

        var block = await database.Read(session => SandboxRows.Block(session, header.Hash));
        return block is null
            ? throw new ChainUnavailableException(ChainFault.BlockMissing, $"Block {header.Hash} was reorganised away while it was asked for.")
            : new ChainBlock(header, block.Bytes());
    }

    public async Task<MempoolListing> Mempool(CancellationToken cancellationToken)
    {
        var (ids, tip) = await database.Read(async session =>
            (await SandboxRows.Unconfirmed(session), await SandboxRows.Tip(session)));
        return new MempoolListing((tip ?? SandboxBlock.Genesis).Hash, [.. ids.Select(transaction => TxId.Parse(transaction.Id))]);
    }

    public async Task<IReadOnlyList<ChainTransaction>> Transactions(IReadOnlyCollection<TxId> ids, CancellationToken cancellationToken)
    {
        var unconfirmed = await database.Read(SandboxRows.Unconfirmed);
        var wanted = ids.ToHashSet();
        return
        [
            .. from transaction in unconfirmed
               let id = TxId.Parse(transaction.Id)
               where wanted.Contains(id)
               select new ChainTransaction(id, Convert.FromHexString(transaction.Raw)),
        ];
    }

    public Task<NodeDerivation> DeriveAddresses(string descriptor, int count, CancellationToken cancellationToken) =>
        Task.FromResult(new NodeDerivation(NodeDerivationStatus.NoNode, []));
}
