using Microsoft.Extensions.Logging;
using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Chains;

/// <summary>Where following begins: at the tip when it is new, at a height when an operator says so.</summary>
internal sealed partial class Follower
{
    private long? rescanFrom;

    public void RescanAtNextLook(long fromHeight) => rescanFrom = fromHeight;

    /// <summary>The first look ever begins at the node's tip: nobody can have paid an address of ours before.</summary>
    private async Task Begin(ChainTip tip, CancellationToken cancellationToken)
    {
        var cursor = await RememberUpTo(tip.Height, cancellationToken);
        await Save(record.State with { Cursor = cursor, Genesis = tip.Genesis, FirstHeight = cursor.Height });
        ledger.Deepen(cursor.Height);
        LogBegun(chain.Id, cursor.Height, cursor.Hash);
    }

    private async Task BeginAgain(DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (rescanFrom is not { } from)
        {
            return;
        }

        rescanFrom = null;
        if (from > Height + 1)
        {
            throw new ChainUnavailableException(ChainFault.Rescan, $"Blocks above {Height} were never read, so none below {from} is skipped.");
        }

        var stored = await database.Read(session => ChainPaymentRows.Above(session, chain.Id, from - 1));
        var cursor = await RememberUpTo(from - 1, cancellationToken);
        ledger.RollBack(stored, cursor.Height, at);
        await SaveChanges();
        await Save(record.State with { Cursor = cursor, FirstHeight = Math.Min(record.State.FirstHeight, cursor.Height) });
        LogRescan(chain.Id, from);
    }

    /// <summary>Makes the journal of the headers that end at a height.</summary>
    private async Task<ChainCursor> RememberUpTo(long height, CancellationToken cancellationToken)
    {
        var lowest = Math.Max(0, height - FollowOptions.JournalBlocks + 1);
        var headers = height < 0 ? [] : await node.Headers(lowest, (int)(height - lowest) + 1, cancellationToken);
        if (headers.Length == 0 || headers[^1].Height != height)
        {
            throw new ChainUnavailableException(ChainFault.Rescan, $"The node has no block {height}.");
        }

        var now = clock.Now();
        var blocks = headers.Select(header => new JournalBlock(header.Height, header.Hash, header.Time, now)).ToList();
        await database.Write(async session =>
        {
            await BlockRows.RemoveAbove(session, chain.Id, -1);
            await BlockRows.Write(session, chain.Id, blocks);
            return true;
        });
        journal.Load(blocks);
        return new ChainCursor(height, blocks[^1].Hash);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Chain}: following begins at the tip, block {Height} {Hash}")]
    private partial void LogBegun(string chain, long height, string hash);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Chain}: blocks are read again from {Height} up")]
    private partial void LogRescan(string chain, long height);
}
