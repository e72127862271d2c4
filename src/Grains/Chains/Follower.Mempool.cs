using OpenBitum.Time;

namespace OpenBitum.Chains;

/// <summary>The mempool, and scripts that joined after what may pay them was read.</summary>
internal sealed partial class Follower
{
    private async Task ReadMempool(MempoolListing listing, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (var ids in mempool.Update(listing.Ids).Chunk(TransactionsAtOnce))
        {
            var read = new List<(TxId Id, ulong[] Fingerprints)>(ids.Length);
            var found = new List<(ScannedOutput Output, ChainHeader? Block)>();
            foreach (var transaction in await node.Transactions(ids, cancellationToken))
            {
                found.AddRange(ScanTransaction(transaction, watched, out var fingerprints).Select(output => (output, (ChainHeader?)null)));
                read.Add((transaction.Id, fingerprints));
            }

            lastReadAt = clock.Now();
            await Meet(found, at);
            // Not before they are met: what was read and then lost to a failure must be read again.
            foreach (var (id, fingerprints) in read)
            {
                mempool.Add(id, fingerprints);
            }
        }
    }

    private IReadOnlyList<ScannedOutput> ScanTransaction(ChainTransaction transaction, WatchedScripts scripts, out ulong[] fingerprints)
    {
        try
        {
            return scanner.Transaction(transaction, scripts, out fingerprints);
        }
        catch (FormatException)
        {
            // A kind of transaction that a newer node knows and we do not. Its block will tell; the mempool must not stop at it.
            fingerprints = [];
            return [];
        }
    }

    /// <summary>Looks for late scripts in what was read since nothing could pay them yet.</summary>
    private async Task ReadLate(DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (late.Count == 0)
        {
            return;
        }

        var joined = late;
        late = [];
        try
        {
            await ReadLate(joined, at, cancellationToken);
        }
        catch
        {
            late.AddRange(joined);
            throw;
        }
    }

    private async Task ReadLate(IReadOnlyCollection<WatchScript> joined, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var scripts = watched.Sibling();
        foreach (var script in joined)
        {
            scripts.Add(scripts.Fingerprint(Convert.FromHexString(script.Script)));
        }

        var found = new List<(ScannedOutput Output, ChainHeader? Block)>();
        foreach (var transaction in await node.Transactions(mempool.Paying(scripts), cancellationToken))
        {
            found.AddRange(ScanTransaction(transaction, scripts, out _).Select(output => (output, (ChainHeader?)null)));
        }

        var since = joined.Min(script => script.Since) - ClockSkew;
        await foreach (var block in BlocksRead(since, cancellationToken))
        {
            found.AddRange(ScanBlock(block, scripts).Select(output => (output, (ChainHeader?)block.Header)));
        }

        await Meet(found, at);
    }

    /// <summary>Blocks that we read since a moment, from the cursor down.</summary>
    private async IAsyncEnumerable<ChainBlock> BlocksRead(
        DateTimeOffset since, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var read in journal.Blocks.Where(block => block.ReadAt >= since && block.Height > record.State.FirstHeight).Reverse().ToList())
        {
            yield return await node.Block(new ChainHeader(read.Height, read.Hash, "", read.Time), cancellationToken);
        }

        // Below the journal only the blocks' own times tell.
        var isJournalEnough = journal.Lowest is not { } lowest || lowest.ReadAt < since;
        for (var height = (journal.Lowest?.Height ?? 0) - 1; !isJournalEnough && height > record.State.FirstHeight; height--)
        {
            var headers = await node.Headers(height, 1, cancellationToken);
            if (headers.Length == 0 || headers[0].Time < since - BlockTimeSkew)
            {
                yield break;
            }

            yield return await node.Block(headers[0], cancellationToken);
        }
    }
}
