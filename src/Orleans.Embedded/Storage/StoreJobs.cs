namespace Orleans.Storage;

/// <summary>
/// Work of the writer. It may run more than once before it is acknowledged, always on a database without its effects.
/// </summary>
internal interface IWriteJob
{
    /// <summary>Does the work and keeps the result.</summary>
    void Run(StoreConnection connection);

    /// <summary>Keeps an exception instead of a result.</summary>
    void Keep(Exception exception);

    /// <summary>Tells the caller what was kept. The effects are on disk now.</summary>
    void Acknowledge();

    /// <summary>Tells the caller that the store did not do it.</summary>
    void Refuse(Exception exception);
}

// Continuations run elsewhere: neither the writer nor a reader may be held up by the code that waits for it.
internal sealed class WriteJob<TState, TResult>(TState state, Func<StoreConnection, TState, TResult> work)
    : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously), IWriteJob
{
    private TResult result = default!;
    private Exception? failure;

    public void Run(StoreConnection connection)
    {
        result = work(connection, state);
        failure = null;
    }

    public void Keep(Exception exception) => failure = exception;

    public void Acknowledge()
    {
        if (failure is null)
        {
            TrySetResult(result);
        }
        else
        {
            TrySetException(failure);
        }
    }

    public void Refuse(Exception exception) => TrySetException(exception);
}

/// <summary>Work of a reader.</summary>
internal interface IReadJob
{
    /// <summary>Does the work and keeps what came of it; false when the connection is not to be used again.</summary>
    bool TryRun(StoreConnection connection);

    /// <summary>Tells the caller what was kept. The connection has been given back.</summary>
    void Tell();

    void Refuse(Exception exception);
}

internal sealed class ReadJob<TState, TResult>(
    TState state, Func<StoreConnection, TState, TResult> work, CancellationToken cancellationToken)
    : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously), IReadJob
{
    private TResult result = default!;
    private Exception? failure;

    public bool TryRun(StoreConnection connection)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            TrySetCanceled(cancellationToken);
            return true;
        }

        try
        {
            // One snapshot for all statements of the work, so that a page and its total agree.
            connection.Run("BEGIN");
            result = work(connection, state);
            connection.Run("COMMIT");
            return true;
        }
        catch (Exception exception)
        {
            // A statement that it left between two rows would hold its snapshot, and later reads would see the past.
            failure = StoreFault.ForCaller(exception);
            return false;
        }
    }

    public void Tell()
    {
        if (failure is null)
        {
            TrySetResult(result);
        }
        else
        {
            TrySetException(failure);
        }
    }

    public void Refuse(Exception exception) => TrySetException(exception);
}
