using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Orleans.Stepped;

namespace Orleans.Storage;

/// <summary>
/// A bounded pool of connections that read beside the writer. Each read begins after it was asked for, so it sees
/// whatever was acknowledged before.
/// </summary>
internal sealed class StoreReaders(string path, EmbeddedStoreOptions options, IEngineScheduler scheduler)
{
    private readonly Lock gate = new();
    private readonly Stack<StoreConnection> idle = new();
    private readonly Queue<IReadJob> waiting = new();
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int opened;
    private bool closed;
    private bool leaveLog;

    /// <summary>Ends when they are closed and the last read under way has let go of the file.</summary>
    public Task Released => released.Task;

    public void Enqueue(IReadJob job)
    {
        Exception? refusal = null;
        var start = false;
        lock (gate)
        {
            if (closed)
            {
                refusal = new StoreUnavailableException("The store has stopped.");
            }
            else if (idle.Count > 0 || opened < options.MaximumReaders)
            {
                start = true;
            }
            else if (waiting.Count < options.MaximumQueuedReads)
            {
                waiting.Enqueue(job);
            }
            else
            {
                refusal = new StoreUnavailableException($"{options.MaximumQueuedReads} reads are waiting for a connection.");
            }
        }

        if (refusal is not null)
        {
            job.Refuse(refusal);
        }
        else if (start)
        {
            scheduler.Schedule(new ReadStep(this, job));
        }
    }

    /// <summary>
    /// Runs a point read at once, on the caller's thread, when a connection is free: it costs less than a hop.
    /// </summary>
    public bool TryReadNow<TState, TResult>(
        TState state, Func<StoreConnection, TState, TResult> work, [MaybeNullWhen(false)] out TResult result)
    {
        if (!TryRent(out var connection))
        {
            result = default;
            return false;
        }

        var isSound = false;
        try
        {
            result = work(connection, state);
            isSound = true;
            return true;
        }
        catch (SqliteException exception) when (StoreFault.Is(exception))
        {
            throw StoreFault.ForCaller(exception);
        }
        finally
        {
            Return(connection, isSound);
        }
    }

    /// <summary>Closes what is idle now and the rest when its read ends; reads that wait are refused.</summary>
    /// <param name="leaveLog">Leave the log as a crash would.</param>
    public void Close(bool leaveLog)
    {
        List<IReadJob> refused;
        lock (gate)
        {
            closed = true;
            this.leaveLog = leaveLog;
            refused = [.. waiting];
            waiting.Clear();
            while (idle.TryPop(out var connection))
            {
                Discard(connection);
            }

            TellWhenReleased();
        }

        foreach (var job in refused)
        {
            job.Refuse(new StoreUnavailableException("The store has stopped."));
        }
    }

    private void Run(IReadJob job)
    {
        try
        {
            if (!TryRent(out var connection))
            {
                // Another read took the connection between the asking and this step.
                Enqueue(job);
                return;
            }

            // The connection first: who was told of the last read and stops the store may count on the file being closed.
            Return(connection, job.TryRun(connection));
            job.Tell();
        }
        catch (Exception exception)
        {
            job.Refuse(StoreFault.ForCaller(exception));
        }
    }

    private bool TryRent([MaybeNullWhen(false)] out StoreConnection connection)
    {
        lock (gate)
        {
            if (closed) throw new StoreUnavailableException("The store has stopped.");
            if (idle.TryPop(out connection)) return true;
            if (opened == options.MaximumReaders) return false;
            opened++;
        }

        try
        {
            connection = StoreConnection.OpenReader(path, options.ReaderCacheKibibytes);
            return true;
        }
        catch
        {
            // Whoever counted on this connection to come back would wait for ever: the next one tries for itself.
            IReadJob? next;
            lock (gate)
            {
                opened--;
                TellWhenReleased();
                waiting.TryDequeue(out next);
            }

            if (next is not null) scheduler.Schedule(new ReadStep(this, next));
            throw;
        }
    }

    private void Return(StoreConnection connection, bool isSound)
    {
        IReadJob? next;
        lock (gate)
        {
            if (isSound && !closed)
            {
                idle.Push(connection);
            }
            else
            {
                Discard(connection);
            }

            waiting.TryDequeue(out next);
        }

        if (next is not null) scheduler.Schedule(new ReadStep(this, next));
    }

    private void Discard(StoreConnection connection)
    {
        opened--;
        if (leaveLog) connection.LeaveLogOnClose();
        connection.Dispose();
        TellWhenReleased();
    }

    private void TellWhenReleased()
    {
        if (closed && opened == 0) released.TrySetResult();
    }

    private sealed class ReadStep(StoreReaders readers, IReadJob job) : IThreadPoolWorkItem
    {
        public void Execute() => readers.Run(job);
    }
}
