using Microsoft.Extensions.Logging;
using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Chains;

/// <summary>
/// The looks of one chain's follower: blocks up to the tip, then the mempool, listeners told. One look at a time; between its awaits
/// only <see cref="Watch"/> and the questions about it may come in.
/// </summary>
internal sealed partial class Follower(
    Chain chain,
    IChain node,
    IDatabase database,
    IPersistentState<FollowerState> record,
    Func<string, PaymentsObserved, Task<Heard>> hear,
    TimeProvider clock,
    ILogger logger)
{
    private const int MostRounds = 5;
    private const int ScriptsPerPage = 50_000;
    private const int TransactionsAtOnce = 1_000;

    // What orders call now and what we call now may differ by a little.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(2);

    // How far a block's time may run ahead of its making (Bitcoin Core, MAX_FUTURE_BLOCK_TIME).
    private static readonly TimeSpan BlockTimeSkew = TimeSpan.FromHours(2);

    private readonly WatchedScripts watched = new();
    private readonly OutputScanner scanner = new();
    private readonly MempoolView mempool = new();
    private readonly Journal journal = new();
    private readonly PaymentLedger ledger = new(chain.Asset.Code);
    private readonly Hearings hearings = new(chain.Id, hear, clock, logger);
    private List<WatchScript> late = [];
    private DateTimeOffset lastReadAt = DateTimeOffset.MinValue;
    private bool isPrepared;
    private bool isRecordUnknown;
    private long tellings;

    /// <summary>Start of the last complete look.</summary>
    public DateTimeOffset? SeenThrough { get; private set; }

    /// <summary>False until the first look ever has noted the block from which on everything is read.</summary>
    public bool HasBegun => record.State.Cursor is not null;

    public long Height => record.State.Cursor?.Height ?? 0;

    /// <summary>The node's tip when it was last asked.</summary>
    public long Tip { get; private set; }

    public bool IsUnheard(string listener) => ledger.IsUnheard(listener);

    public void Watch(WatchScript script)
    {
        watched.Add(watched.Fingerprint(Convert.FromHexString(script.Script)));
        if (script.Since - ClockSkew <= lastReadAt)
        {
            late.Add(script);
        }
    }

    /// <summary>One look.</summary>
    /// <returns>Null when it was complete, else why not; <see cref="ChainFault"/>.</returns>
    /// <exception cref="ChainUnavailableException">The node could not be read to the end.</exception>
    public async Task<string?> Look(CancellationToken cancellationToken)
    {
        var startedAt = clock.Now();
        await Prepare(cancellationToken);
        await HearRetried();
        var tip = await ReadTip(cancellationToken);
        await BeginAgain(startedAt, cancellationToken);
        for (var round = 0; ; round++)
        {
            await FollowBlocks(tip, startedAt, cancellationToken);
            var listing = await node.Mempool(cancellationToken);
            await ReadMempool(listing, startedAt, cancellationToken);
            await ReadLate(startedAt, cancellationToken);
            if (listing.TipHash == record.State.Cursor!.Hash)
            {
                break;
            }

            if (round == MostRounds)
            {
                await SaveChanges();
                return ChainFault.CatchingUp;
            }

            // A block came in between: its transactions left the mempool without having vanished.
            tip = await ReadTip(cancellationToken);
        }

        ledger.Compare(id => mempool.Contains(TxId.Parse(id)), startedAt);
        await SaveChanges();
        var fault = StaleTip(tip, startedAt);
        SeenThrough = fault is null ? startedAt : SeenThrough;
        await Tell(includeOrphaned: true);
        hearings.Retry(ledger.IsUnheard, Snapshot);
        return fault;
    }

    /// <summary>Waits for what is still being told.</summary>
    public Task Finish() => hearings.Finish();

    private async Task Prepare(CancellationToken cancellationToken)
    {
        if (isRecordUnknown)
        {
            await record.ReadStateAsync(cancellationToken);
            isRecordUnknown = false;
        }

        if (isPrepared)
        {
            await ForgetAboveCursor();
            return;
        }

        var state = record.State;
        for (var (last, page) = ("", ScriptsPerPage); page == ScriptsPerPage;)
        {
            var scripts = await database.Read(session => ScriptRows.Page(session, chain.Id, last, ScriptsPerPage));
            foreach (var script in scripts)
            {
                watched.Add(watched.Fingerprint(Convert.FromHexString(script)));
            }

            (last, page) = (scripts.Count == 0 ? last : scripts[^1], scripts.Count);
        }

        ledger.Deepen(state.Cursor?.Height ?? 0);
        ledger.Load(await database.Read(session => ChainPaymentRows.Open(session, chain.Id)));
        journal.Load((await database.Read(session => BlockRows.All(session, chain.Id))).Where(block => block.Height <= Height));
        await ForgetAboveCursor();
        await Save(state with { Epoch = state.Epoch + 1 });
        SeenThrough = state.SeenThrough;
        isPrepared = true;
        LogPrepared(chain.Id, watched.Count, ledger.Count, Height);
    }

    private async Task<ChainTip> ReadTip(CancellationToken cancellationToken)
    {
        var tip = await node.Tip(cancellationToken);
        Tip = tip.Height;
        if (!KnownGenesis.Agrees(chain.Id, chain.Network, tip.Genesis) || (record.State.Genesis ?? tip.Genesis) != tip.Genesis)
        {
            throw new ChainUnavailableException(ChainFault.WrongGenesis, $"The node's block 0 is {tip.Genesis}.");
        }

        if (tip.Starting)
        {
            throw new ChainUnavailableException(ChainFault.NodeStarting, "The node does not know the whole chain or its mempool yet.");
        }

        if (record.State.Cursor is null)
        {
            await Begin(tip, cancellationToken);
        }

        return tip;
    }

    private string? StaleTip(ChainTip tip, DateTimeOffset now) =>
        chain.Follow.StaleTipSeconds is { } seconds && now - tip.Time > TimeSpan.FromSeconds(seconds) ? ChainFault.StaleTip : null;

    private async Task HearRetried()
    {
        foreach (var hearing in hearings.TakeRetried())
        {
            ledger.Heard(hearing.Listener, hearing.Told.Payments, hearing.ConfirmationsWanted);
        }

        await SaveChanges();
    }

    private async Task Tell(bool includeOrphaned)
    {
        foreach (var hearing in await hearings.Tell(ledger.Unheard(includeOrphaned), Snapshot))
        {
            ledger.Heard(hearing.Listener, hearing.Told.Payments, hearing.ConfirmationsWanted);
        }

        await SaveChanges();
    }

    private PaymentsObserved Snapshot(string listener) => new(
        chain.Id,
        (record.State.Epoch << 32) + ++tellings,
        SeenThrough ?? DateTimeOffset.UnixEpoch,
        ledger.Snapshot(listener));

    private Task SaveChanges() => ledger.HasChanges ? SaveChanges([], null) : Task.CompletedTask;

    /// <summary>Writes what changed, and the blocks it came with, in one transaction.</summary>
    private async Task SaveChanges(IReadOnlyCollection<JournalBlock> blocks, long? fork)
    {
        var changes = ledger.TakeChanges();
        var now = clock.Now();
        try
        {
            await database.Write(async session =>
            {
                if (fork is { } height)
                {
                    await BlockRows.RemoveAbove(session, chain.Id, height);
                }

                await BlockRows.Write(session, chain.Id, blocks);
                await ChainPaymentRows.Write(session, chain.Id, changes);
                if (blocks.Count > 0)
                {
                    var lowest = blocks.Max(block => block.Height) - FollowOptions.JournalBlocks + 1;
                    await BlockRows.RemoveBelow(session, chain.Id, lowest);
                    await ChainPaymentRows.Prune(session, chain.Id, lowest, now - FollowOptions.ReplacedKept);
                }

                return true;
            });
        }
        catch
        {
            ledger.Restore(changes);
            throw;
        }
    }

    private async Task Save(FollowerState next)
    {
        var previous = record.State;
        record.State = next with { SeenThrough = SeenThrough ?? next.SeenThrough };
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            // Whether it was written may be unknown; the next look reads it again.
            record.State = previous;
            isRecordUnknown = true;
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Chain}: {Scripts} scripts are watched, {Payments} payments are open, the cursor is at {Height}")]
    private partial void LogPrepared(string chain, int scripts, int payments, long height);
}
