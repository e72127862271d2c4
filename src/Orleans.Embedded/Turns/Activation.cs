using Microsoft.Extensions.DependencyInjection;
using Orleans.Persistence;
using Orleans.Runtime;
using Orleans.Timers;

namespace Orleans.Turns;

internal enum ActivationStatus : byte
{
    /// <summary>Nothing has run yet.</summary>
    Created,

    /// <summary>Loading state, or in OnActivateAsync; calls wait.</summary>
    Activating,

    Active,

    /// <summary>No call starts any more; closing begins when the running ones have ended.</summary>
    Deactivating,

    Gone,
}

/// <summary>
/// A grain in memory. It is its own task scheduler: everything of the grain runs in turns, one at a time, and an await
/// comes back to it. Most of the memory of a large shop is in these, so what few of them need is allocated when needed.
/// </summary>
internal sealed partial class Activation : TaskScheduler, IThreadPoolWorkItem, IGrainContext, ICallTarget, IDueItem
{
    private readonly Lock gate = new();
    private readonly WorkerPool? pool;
    private ActivationStatus status;
    private IServiceScope? scope;
    private List<IGrainTimer>? timers;

    public Activation(GrainClass grainClass, string key, WorkerPool? pool = null)
    {
        Class = grainClass;
        Key = key;
        this.pool = pool;
        lastUse = grainClass.Engine.Now;
    }

    /// <summary>The activation whose turn this thread is in; null outside of grains.</summary>
    public static new Activation? Current => TaskScheduler.Current as Activation;

    public GrainClass Class { get; }

    public GrainEngine Engine => Class.Engine;

    public string Key { get; }

    public GrainId GrainId => new(Class.Type, Key);

    public object? GrainInstance { get; private set; }

    public bool HasFilters => Engine.IncomingFilters.Length > 0 || Class.FiltersItsCalls;

    public IServiceProvider ActivationServices
    {
        get
        {
            if (scope is null)
            {
                Interlocked.CompareExchange(ref scope, Engine.Services.CreateAsyncScope(), null);
            }

            return scope.ServiceProvider;
        }
    }

    /// <summary>The records that load before OnActivateAsync, in the order of the constructor.</summary>
    public List<ILoadedState>? States { get; set; }

    public void AddTimer(IGrainTimer timer)
    {
        lock (gate)
        {
            (timers ??= []).Add(timer);
        }
    }

    public void RemoveTimer(IGrainTimer timer)
    {
        lock (gate)
        {
            timers?.Remove(timer);
        }
    }

    /// <exception cref="InvalidOperationException">The caller is not in a turn of this activation.</exception>
    public void CheckTurn()
    {
        if (!ReferenceEquals(TaskScheduler.Current, this))
        {
            throw new InvalidOperationException(
                $"{GrainId} was accessed from outside its turns. "
                + "After ConfigureAwait(false) or on another scheduler, code is no longer in the grain.");
        }
    }

    public override string ToString() => GrainId.ToString();
}
