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
    private readonly Activation _activation;
    private readonly string _name;
    private readonly IGrainStorage _storage;
    private Task _last = Task.CompletedTask;
    private Task? _waitingWrite;
    private TState _state = default!;
    private bool _loaded;

    public PersistentState(Activation activation, string name, IGrainStorage storage)
    {
        _activation = activation;
        _name = name;
        _storage = storage;
    }

    public TState State
    {
        get
        {
            _activation.CheckTurn();
            return _state;
        }

        set
        {
            _activation.CheckTurn();
            _state = value;
        }
    }

    public string? Etag { get; private set; }

    public bool RecordExists
    {
        get => _loaded ? field : throw new InvalidOperationException("State has not yet been loaded");
        private set;
    }

    // What the storage sees; it may look from any thread.
    TState IGrainState<TState>.State
    {
        get => _state;
        set => _state = value;
    }

    string? IGrainState<TState>.ETag
    {
        get => Etag;
        set => Etag = value;
    }

    bool IGrainState<TState>.RecordExists
    {
        get => _loaded && RecordExists;
        set
        {
            _loaded = true;
            RecordExists = value;
        }
    }

    Task ILoadedState.Load(CancellationToken cancellationToken) => ReadStateAsync(cancellationToken);

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken)
    {
        _activation.CheckTurn();
        return Enqueue(Read, cancellationToken);
    }

    public Task WriteStateAsync(CancellationToken cancellationToken)
    {
        _activation.CheckTurn();
        if (_waitingWrite is not null && !cancellationToken.CanBeCanceled)
        {
            return _waitingWrite;
        }

        var waits = !_last.IsCompleted && !cancellationToken.CanBeCanceled;
        var write = Enqueue(Write, cancellationToken);
        if (waits)
        {
            _waitingWrite = write;
        }

        return write;
    }

    public Task ClearStateAsync(CancellationToken cancellationToken)
    {
        _activation.CheckTurn();
        return Enqueue(Clear, cancellationToken);
    }

    // Memory is not rolled back when the storage refuses: the grain decides whether to go on, read again or leave.
    private Task Enqueue(Func<Task> operation, CancellationToken cancellationToken)
    {
        _waitingWrite = null;
        return _last = _last.IsCompleted && !cancellationToken.IsCancellationRequested
            ? operation()
            : RunBehind(_last, operation, cancellationToken);
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
        await _storage.ReadStateAsync(_name, _activation.GrainId, this);
        _loaded = true;
        _state ??= New();
    }

    private Task Write()
    {
        _waitingWrite = null;
        return _storage.WriteStateAsync(_name, _activation.GrainId, this);
    }

    private async Task Clear()
    {
        await _storage.ClearStateAsync(_name, _activation.GrainId, this);
        _state ??= New();
    }

    private static TState New() => Activator.CreateInstance<TState>();
}
