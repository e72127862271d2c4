using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Chains;

/// <summary>Blocks: read in spans, and followed back when the node's chain turns off below the cursor.</summary>
internal sealed partial class Follower
{
    /// <summary>Rows may say more than the cursor: so it is after a kill, or a failure, between the two writes.</summary>
    private bool isAheadOfCursor = true;

    private async Task FollowBlocks(ChainTip tip, DateTimeOffset at, CancellationToken cancellationToken)
    {
        while (record.State.Cursor!.Hash != tip.Hash)
        {
            var cursor = record.State.Cursor;
            var headers = await node.Headers(cursor.Height, 1 + FollowOptions.SpanBlocks, cancellationToken);
            if (headers.Length == 0 || headers[0].Hash != cursor.Hash)
            {
                await FollowBack(at, cancellationToken);
                continue;
            }

            if (headers.Length == 1)
            {
                // The tip we were told of is gone again; the look asks anew after the mempool.
                return;
            }

            await ReadSpan(Linked(headers), at, cancellationToken);
        }
    }

    /// <summary>Headers are asked for one by one, so a reorg between two answers can part them.</summary>
    private static ImmutableArray<ChainHeader> Linked(ImmutableArray<ChainHeader> headers)
    {
        var count = 1;
        while (count < headers.Length && headers[count].Parent == headers[count - 1].Hash)
        {
            count++;
        }

        return count > 1
            ? headers[1..count]
            : throw new ChainUnavailableException(ChainFault.CatchingUp, "The node's chain changed while its headers were read.");
    }

    /// <summary>Reads some blocks, writes their payments, tells them and moves the cursor, in this order.</summary>
    private async Task ReadSpan(ImmutableArray<ChainHeader> headers, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var blocks = new List<JournalBlock>(headers.Length);
        var found = new List<(ScannedOutput Output, ChainHeader? Block)>();
        foreach (var header in headers)
        {
            var block = await node.Block(header, cancellationToken);
            found.AddRange(ScanBlock(block, watched).Select(output => (output, (ChainHeader?)header)));
            lastReadAt = clock.Now();
            blocks.Add(new JournalBlock(header.Height, header.Hash, header.Time, lastReadAt));
        }

        await Meet(found, at);
        ledger.Deepen(headers[^1].Height);
        isAheadOfCursor = true;
        await SaveChanges(blocks, fork: null);
        journal.Append(blocks);
        await Tell(includeOrphaned: false);
        await Save(record.State with { Cursor = new ChainCursor(headers[^1].Height, headers[^1].Hash) });
        isAheadOfCursor = false;
        if (found.Count > 0)
        {
            LogPaid(chain.Id, found.Count, headers[0].Height, headers[^1].Height);
        }
    }

    /// <summary>
    /// Takes payments in blocks above the cursor for orphaned. Those blocks are about to be read again, and another may stand in the
    /// place of one by now: then nothing else would ever say that its money is gone.
    /// </summary>
    private async Task ForgetAboveCursor()
    {
        if (!isAheadOfCursor)
        {
            return;
        }

        var height = Height;
        journal.RemoveAbove(height);
        ledger.RollBack(await database.Read(session => ChainPaymentRows.Above(session, chain.Id, height)), height, clock.Now());
        isAheadOfCursor = false;
    }

    private IReadOnlyList<ScannedOutput> ScanBlock(ChainBlock block, WatchedScripts scripts)
    {
        try
        {
            return scanner.Block(block.Raw.Span, scripts);
        }
        catch (FormatException failure)
        {
            throw new ChainUnavailableException(ChainFault.BadAnswer, $"Block {block.Header.Hash} cannot be read.", failure);
        }
    }

    /// <summary>Finds where both chains part and forgets what we read above it.</summary>
    private async Task FollowBack(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var lowest = journal.Lowest?.Height ?? Height;
        var headers = await node.Headers(lowest, (int)(Height - lowest) + 1, cancellationToken);
        if (journal.Fork(headers) is not { } fork)
        {
            throw new ChainUnavailableException(
                ChainFault.Rescan, $"The node's chain parted from ours below block {lowest}, the lowest that is remembered.");
        }

        // A tip that went back without another branch is no reorg: the node lost blocks, or another node answers, and nobody's money is
        // gone. On regtest blocks are undone by hand, and that is meant.
        if (headers[^1].Hash == fork.Hash && chain.Network != "regtest")
        {
            throw new ChainUnavailableException(ChainFault.TipWentBack, $"The node's tip went back to block {fork.Height}; ours is {Height}.");
        }

        LogReorg(chain.Id, Height - fork.Height, fork.Height, fork.Hash);
        ledger.RollBack(await database.Read(session => ChainPaymentRows.Above(session, chain.Id, fork.Height)), fork.Height, at);
        await SaveChanges([], fork.Height);
        journal.RemoveAbove(fork.Height);
        await Save(record.State with { Cursor = new ChainCursor(fork.Height, fork.Hash) });
    }

    /// <summary>Enters outputs into the ledger, those of scripts that somebody claimed.</summary>
    private async Task Meet(IReadOnlyCollection<(ScannedOutput Output, ChainHeader? Block)> found, DateTimeOffset at)
    {
        if (found.Count == 0)
        {
            return;
        }

        var scripts = found.Select(output => output.Output.Script).Distinct(StringComparer.Ordinal).ToList();
        var ids = found.Select(output => output.Output.Id).Distinct(StringComparer.Ordinal).Where(id => ledger.Find(id) is null).ToList();
        var (listeners, stored) = await database.Read(async session =>
        {
            var claims = await ScriptRows.Listeners(session, chain.Id, scripts);
            var rows = new Dictionary<string, ChainPayment>(StringComparer.Ordinal);
            foreach (var id in ids)
            {
                if (await ChainPaymentRows.Find(session, chain.Id, id) is { } row)
                {
                    rows.Add(id, row);
                }
            }

            return (claims, rows);
        });
        foreach (var (output, block) in found)
        {
            if (listeners.TryGetValue(output.Script, out var listener))
            {
                ledger.Meet(output, listener, stored.GetValueOrDefault(output.Id), block, at);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Chain}: {Payments} payments in blocks {First} to {Last}")]
    private partial void LogPaid(string chain, int payments, long first, long last);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Chain}: a reorg of {Depth} blocks; the fork is block {Height} {Hash}")]
    private partial void LogReorg(string chain, long depth, long height, string hash);
}
