using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Turns;

namespace Orleans.Persistence;

/// <summary>A record that an activation loads before it becomes active.</summary>
internal interface ILoadedState
{
    Task Load(CancellationToken cancellationToken);
}

/// <summary>
/// One record of one activation. Its reads, writes and clears go to the storage one after another; a write asked for
/// while another still waits for its turn shares it, because that one will store the newest state anyway.
/// </summary>
internal sealed class PersistentState<TState> : IPersistentState<TState>, IGrainState<TState>, ILoadedState
{
    private readonly Activation activation;
    private readonly string name;
    private readonly IGrainStorage storage;
    private Task last = Task.CompletedTask;
    private Task? waitingWrite;
    private TState state = default!;
    private bool loaded;

    public PersistentState(Activation activation, string name, IGrainStorage storage)
    {
        this.activation = activation;
        this.name = name;
        this.storage = storage;
    }

    public TState State
    {
        get
        {
            activation.CheckTurn();
            return state;
        }

        set
        {
            activation.CheckTurn();
            state = value;
        }
    }

    public string? Etag { get; private set; }

    public bool RecordExists
    {
        get => loaded ? field : throw new InvalidOperationException("State has not yet been loaded");
        private set;
    }

    // What the storage sees; it may look from any thread.
    TState IGrainState<TState>.State
    {
        get => state;
        set => state = value;
    }

    string? IGrainState<TState>.ETag
    {
        get => Etag;
        set => Etag = value;
    }

    bool IGrainState<TState>.RecordExists
    {
        get => loaded && RecordExists;
        set
        {
            loaded = true;
            RecordExists = value;
        }
    }

    Task ILoadedState.Load(CancellationToken cancellationToken) => ReadStateAsync(cancellationToken);

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken)
    {
        activation.CheckTurn();
        return Enqueue(Read, cancellationToken);
    }

    public Task WriteStateAsync(CancellationToken cancellationToken)
    {
        activation.CheckTurn();
        if (waitingWrite is not null && !cancellationToken.CanBeCanceled)
        {
            return waitingWrite;
        }

        var waits = !last.IsCompleted && !cancellationToken.CanBeCanceled;
        var write = Enqueue(Write, cancellationToken);
        if (waits)
        {
            waitingWrite = write;
        }

        return write;
    }

    public Task ClearStateAsync(CancellationToken cancellationToken)
    {
        activation.CheckTurn();
        return Enqueue(Clear, cancellationToken);
    }

    // Memory is not rolled back when the storage refuses: the grain decides whether to go on, read again or leave.
    private Task Enqueue(Func<Task> operation, CancellationToken cancellationToken)
    {
        waitingWrite = null;
        return last = last.IsCompleted && !cancellationToken.IsCancellationRequested
            ? operation()
            : RunBehind(last, operation, cancellationToken);
    }

    // Once an operation has been given to the storage it is not taken back: the grain would not know what is stored.
    private static async Task RunBehind(Task before, Func<Task> operation, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
        await operation();
    }

    private async Task Read()
    {
        await storage.ReadStateAsync(name, activation.GrainId, this);
        loaded = true;
        state ??= New();
    }

    private Task Write()
    {
        waitingWrite = null;
        return storage.WriteStateAsync(name, activation.GrainId, this);
    }

    private async Task Clear()
    {
        await storage.ClearStateAsync(name, activation.GrainId, this);
        state ??= New();
    }

    private static TState New() => Activator.CreateInstance<TState>();
}
