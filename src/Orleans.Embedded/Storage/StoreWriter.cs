using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Orleans.Stepped;

namespace Orleans.Storage;

/// <summary>
/// The one writer of the file. It takes all jobs that wait, up to a bound, runs them in one transaction, commits, and
/// tells their callers after the sync. While it syncs, the next batch gathers; nobody waits for a timer.
/// </summary>
internal sealed class StoreWriter : IThreadPoolWorkItem
{
    private readonly string path;
    private readonly EmbeddedStoreOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly IWorkLane lane;
    private readonly EtagSequence etags = new();
    private readonly WriteQueue waiting;

    // Held while a batch runs: a kill from another thread waits for the boundary of the commit at hand.
    private readonly Lock working = new();
    private readonly List<IWriteJob> batch = [];
    private readonly ITimer probes;
    private StoreConnection? connection;
    private long commits;
    private volatile bool killed;
    private volatile StoreHealth health;

    public StoreWriter(
        string path, EmbeddedStoreOptions options, TimeProvider time, ILogger logger, IEngineScheduler scheduler)
    {
        this.path = path;
        this.options = options;
        this.time = time;
        this.logger = logger;
        waiting = new WriteQueue(options.MaximumQueuedWrites);
        health = new StoreHealth(IsWritable: true, Reason: null, time.GetUtcNow());
        connection = StoreConnection.OpenWriter(path, options, etags);
        lane = scheduler.OpenLane("store writer");
        probes = time.CreateTimer(
            static probing => ((Probing)probing!).Post(), new Probing(this), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public StoreHealth Health => health;

    public long Commits => Interlocked.Read(ref commits);

    /// <summary>For the work before anybody else knows of the writer: checks and schema scripts.</summary>
    public void Prepare(Action<StoreConnection> work)
    {
        lock (working)
        {
            work(connection!);
            etags.Reserve(connection!);
        }
    }

    public void Enqueue(IWriteJob job)
    {
        var wakes = false;
        var refusal = health.Reason ?? waiting.TryAdd(job, out wakes);
        if (refusal is not null)
        {
            job.Refuse(new StoreUnavailableException(refusal));
        }
        else if (wakes)
        {
            lane.Post(this);
        }
    }

    /// <summary>One step of the lane: one batch.</summary>
    public void Execute()
    {
        RunBatch();
        if (waiting.TryGoOn()) lane.Post(this);
    }

    /// <summary>Takes no more work, finishes what was accepted and lets go of the file.</summary>
    /// <exception cref="OperationCanceledException">The disk did not answer in time; what waits is as after a crash.</exception>
    public async Task Close(CancellationToken cancellationToken)
    {
        if (!waiting.TryClose()) return;

        // A try of the disk behind the last work would open the file anew, and nobody would close it.
        await probes.DisposeAsync();
        var closing = new Closing(this);
        if (lane.Post(closing)) await closing.Task.WaitAsync(cancellationToken);
        lane.Dispose();
    }

    /// <summary>Writes nothing from here on; what was waiting is forgotten. May be called from within a commit hook.</summary>
    public void Kill()
    {
        killed = true;
        waiting.TryClose();

        // Within a hook the batch at hand sees the mark and lets go by itself.
        if (!working.IsHeldByCurrentThread)
        {
            lock (working)
            {
                Abandon();
            }
        }

        lane.Dispose();
        probes.Dispose();
    }

    private void RunBatch()
    {
        lock (working)
        {
            waiting.MoveTo(batch, options.MaximumBatch);
            if (killed)
            {
                Abandon();
            }
            else if (!health.IsWritable)
            {
                // They were let in while the disk was failing.
                RefuseBatch(new StoreUnavailableException(health.Reason!));
            }
            else if (batch.Count > 0)
            {
                CommitBatch();
            }

            batch.Clear();
        }
    }

    private void CommitBatch()
    {
        try
        {
            etags.ReserveIfLow(connection!);
            connection!.Run("BEGIN IMMEDIATE");
            if (!TryRunTogether())
            {
                connection.Run("ROLLBACK");
                connection.Run("BEGIN IMMEDIATE");
                RunApart();
            }

            commits++;
            options.BeforeCommit?.Invoke(commits);
            if (!killed) connection.Run("COMMIT");
            if (!killed) options.AfterCommit?.Invoke(commits);
        }
        catch (Exception exception)
        {
            // Whatever it was, the callers must hear of it. Nothing of this batch is in the file: a COMMIT that fails
            // leaves its frames behind the end of the log. (Should power fail before the next commit overwrites them,
            // they may count after all; the callers were told that the outcome is open, and never see half of it.)
            GiveUp(exception);
            return;
        }

        if (killed)
        {
            Abandon();
            return;
        }

        foreach (var job in batch)
        {
            job.Acknowledge();
        }
    }

    private bool TryRunTogether()
    {
        // Nearly no job throws, so jobs are not fenced off from each other. When one does, all its batch is undone and
        // run again with a savepoint around each; that is right because a job depends on the database alone.
        foreach (var job in batch)
        {
            try
            {
                job.Run(connection!);
            }
            catch (Exception exception) when (!IsFault(exception))
            {
                connection!.ResetStatements();
                if (batch.Count > 1) return false;

                job.Keep(exception);
                connection.RollbackIfOpen();
                connection.Run("BEGIN IMMEDIATE");
            }
        }

        return true;
    }

    private void RunApart()
    {
        foreach (var job in batch)
        {
            connection!.Run("SAVEPOINT job");
            try
            {
                job.Run(connection);
            }
            catch (Exception exception) when (!IsFault(exception))
            {
                // It hears of its failure after the commit: what it met may be a neighbour's write.
                job.Keep(exception);
                connection.ResetStatements();
                connection.Run("ROLLBACK TO job");
            }

            connection.Run("RELEASE job");
        }
    }

    private static bool IsFault(Exception exception) => exception is SqliteException sqlite && StoreFault.Is(sqlite);

    private void GiveUp(Exception exception)
    {
        Undo();
        var reason = StoreFault.Describe(exception);
        health = new StoreHealth(IsWritable: false, reason, time.GetUtcNow());
        StoreLog.WritesRefused(logger, reason, exception);
        var refusal = new StoreUnavailableException(reason, exception);
        RefuseBatch(refusal);
        waiting.RefuseAll(refusal);

        // A damaged file does not heal; anything else may.
        if (exception is SqliteException sqlite && StoreFault.IsCorruption(sqlite)) return;
        var interval = TimeSpan.FromMilliseconds(options.ProbeIntervalMilliseconds);
        probes.Change(interval, interval);
    }

    private void Undo()
    {
        // A connection that has met an error of the disk starts afresh, so that nothing of it lingers in its cache.
        try
        {
            connection?.RollbackIfOpen();
        }
        catch (SqliteException exception)
        {
            StoreLog.RollbackFailed(logger, exception);
        }

        connection?.LeaveLogOnClose();
        connection?.Dispose();
        connection = null;
    }

    private void Probe()
    {
        lock (working)
        {
            if (killed || health.IsWritable) return;

            try
            {
                // The log may have a page to spare where the disk has none, so more room is asked for than one write
                // needs. Then a real write decides.
                StoreDirectory.TryHeadroom(path);
                connection = StoreConnection.OpenWriter(path, options, etags);
                etags.Reserve(connection);
            }
            catch (Exception exception)
                when (exception is SqliteException or IOException or UnauthorizedAccessException or StoreRefusedException)
            {
                Undo();
                health = health with { Reason = StoreFault.Describe(exception) };
                return;
            }

            probes.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            var lasted = time.GetUtcNow() - health.Since;
            health = new StoreHealth(IsWritable: true, Reason: null, time.GetUtcNow());
            StoreLog.WritesTakenAgain(logger, lasted);
        }
    }

    private void RefuseBatch(Exception refusal)
    {
        foreach (var job in batch)
        {
            job.Refuse(refusal);
        }
    }

    private void Abandon()
    {
        connection?.LeaveLogOnClose();
        connection?.Dispose();
        connection = null;

        var refusal = new StoreUnavailableException("The store was killed; the outcome is unknown.");
        RefuseBatch(refusal);
        waiting.RefuseAll(refusal);
    }

    /// <summary>Tries the disk from time to time while it refuses.</summary>
    private sealed class Probing(StoreWriter writer) : IThreadPoolWorkItem
    {
        private int posted;

        public void Post()
        {
            // A disk that answers slowly is not asked twice at once.
            if (Interlocked.Exchange(ref posted, 1) == 0) writer.lane.Post(this);
        }

        public void Execute()
        {
            writer.Probe();
            Volatile.Write(ref posted, 0);
        }
    }

    /// <summary>The last work of the lane.</summary>
    private sealed class Closing(StoreWriter writer)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), IThreadPoolWorkItem
    {
        public void Execute()
        {
            while (!writer.killed && writer.waiting.TryGoOn())
            {
                writer.RunBatch();
            }

            lock (writer.working)
            {
                writer.connection?.Dispose();
                writer.connection = null;
            }

            TrySetResult();
        }
    }
}
