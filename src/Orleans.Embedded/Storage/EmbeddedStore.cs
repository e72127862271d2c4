using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Stepped;

namespace Orleans.Storage;

/// <summary>
/// The one file of the embedded engine. Writes of many callers share a transaction and are acknowledged after its sync;
/// reads run beside them and see all that was acknowledged before they were asked for.
/// </summary>
/// <remarks>
/// Work gets a connection inside a transaction that the store begins and ends. A write depends on the database and its
/// arguments alone, since it may be run again when a neighbour in its transaction throws. Cancellation ends the waiting,
/// never a write.
/// </remarks>
public sealed class EmbeddedStore(
    EmbeddedStoreOptions options, TimeProvider time, IEngineScheduler scheduler, ILogger<EmbeddedStore> logger)
    : IEngineComponent
{
    private StoreDirectory? directory;
    private StoreWriter? writer;
    private StoreReaders? readers;

    /// <summary>Whether writes are taken at present; a host reports it as its readiness.</summary>
    public StoreHealth Health => Writer.Health;

    /// <summary>How many transactions were committed since the start; writes share them.</summary>
    public long Commits => Writer.Commits;

    /// <summary>
    /// Ends some time after a stop or a kill, when no read that was under way has the file open any more: its folder may be removed.
    /// </summary>
    internal Task Released => readers?.Released ?? Task.CompletedTask;

    private StoreWriter Writer => writer ?? throw new InvalidOperationException("The store has not been started.");

    private StoreReaders Readers => readers ?? throw new InvalidOperationException("The store has not been started.");

    /// <summary>Takes the directory, checks the file and brings its schema up to date.</summary>
    /// <exception cref="StoreRefusedException">The file must not be used as it is; the message says what to do.</exception>
    public Task Start(CancellationToken cancellationToken)
    {
        if (options.MustExist) StoreDirectory.RefuseMissing(options.DataDirectory);

        var held = StoreDirectory.Hold(options.DataDirectory);
        try
        {
            Open(held.DatabasePath);
            directory = held;
        }
        catch (SqliteException exception)
        {
            held.Dispose();
            throw Refused(held.DatabasePath, exception);
        }
        catch
        {
            held.Dispose();
            throw;
        }

        StoreLog.Opened(logger, held.DatabasePath);
        return Task.CompletedTask;
    }

    /// <summary>Runs the work in the next transaction; completes when that is on disk.</summary>
    /// <exception cref="StoreUnavailableException">It was not done: the disk refuses, or too much is waiting.</exception>
    public Task<TResult> Write<TState, TResult>(
        TState state, Func<StoreConnection, TState, TResult> work, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<TResult>(cancellationToken);

        var job = new WriteJob<TState, TResult>(state, work);
        Writer.Enqueue(job);
        return cancellationToken.CanBeCanceled ? job.Task.WaitAsync(cancellationToken) : job.Task;
    }

    /// <inheritdoc cref="Write{TState, TResult}"/>
    public Task<TResult> Write<TResult>(Func<StoreConnection, TResult> work, CancellationToken cancellationToken = default)
        => Write(work, static (connection, work) => work(connection), cancellationToken);

    /// <summary>Runs the work on one snapshot of the file, beside the writer.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be read, or too much is waiting.</exception>
    public Task<TResult> Read<TState, TResult>(
        TState state, Func<StoreConnection, TState, TResult> work, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<TResult>(cancellationToken);

        var job = new ReadJob<TState, TResult>(state, work, cancellationToken);
        Readers.Enqueue(job);
        return cancellationToken.CanBeCanceled ? job.Task.WaitAsync(cancellationToken) : job.Task;
    }

    /// <inheritdoc cref="Read{TState, TResult}"/>
    public Task<TResult> Read<TResult>(Func<StoreConnection, TResult> work, CancellationToken cancellationToken = default)
        => Read(work, static (connection, work) => work(connection), cancellationToken);

    /// <summary>One statement by key: on the caller's thread when a connection is free, otherwise in its turn.</summary>
    internal Task<TResult> ReadPoint<TState, TResult>(TState state, Func<StoreConnection, TState, TResult> work)
        => Readers.TryReadNow(state, work, out var result) ? Task.FromResult(result) : Read(state, work);

    /// <summary>Reads every page; null when the file is sound, otherwise what is wrong with it.</summary>
    public Task<string?> CheckIntegrity(CancellationToken cancellationToken = default)
        => Read(FirstDamage, cancellationToken);

    /// <summary>Copies the file as of now to a new file, while work goes on.</summary>
    /// <exception cref="IOException">The target exists or cannot be written.</exception>
    public Task BackupTo(string target, CancellationToken cancellationToken = default)
        => Read(target, static (connection, target) => StoreBackup.Copy(connection, target), cancellationToken);

    public async Task Stop(CancellationToken cancellationToken)
    {
        if (writer is null) return;

        // Readers first: the last connection to close copies the log into the file, and that is to be the writer.
        readers?.Close(leaveLog: false);
        await writer.Close(cancellationToken);
        directory?.Dispose();
        StoreLog.Closed(logger);
    }

    public void Kill()
    {
        writer?.Kill();
        readers?.Close(leaveLog: true);
        directory?.Dispose();
    }

    private void Open(string path)
    {
        RefuseDamaged(path);
        var opening = new StoreWriter(path, options, time, logger, scheduler);
        try
        {
            opening.Prepare(connection => StoreSchema.Apply(connection, options.SchemaScripts, time.GetUtcNow()));
        }
        catch
        {
            opening.Kill();
            throw;
        }

        writer = opening;
        readers = new StoreReaders(path, options, scheduler);
    }

    private void RefuseDamaged(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length == 0 || file.Length > options.IntegrityCheckMaximumMegabytes * 1_048_576L) return;

        using var connection = StoreConnection.OpenReader(path, options.WriterCacheKibibytes);
        if (FirstDamage(connection) is { } damage) throw Damaged(path, damage, null);
    }

    private static string? FirstDamage(StoreConnection connection)
        => connection.Scalar("PRAGMA quick_check(1)") is var answer && answer == "ok" ? null : answer;

    private static StoreRefusedException Refused(string path, SqliteException exception)
        => StoreFault.IsCorruption(exception)
            ? Damaged(path, exception.Message, exception)
            : new StoreRefusedException(
                StoreRefusal.NotWritable, $"{path} cannot be opened. {StoreFault.Describe(exception)}", exception);

    private static StoreRefusedException Damaged(string path, string damage, Exception? exception)
        => new(StoreRefusal.Corrupt,
            $"{path} is damaged ({damage}). Keep it aside and restore a backup; do not delete its -wal file.", exception);
}
