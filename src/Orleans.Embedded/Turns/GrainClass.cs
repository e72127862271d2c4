using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Calls;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Turns;

/// <summary>A grain class: what its attributes say, how it is constructed, and those of its grains that are in memory.</summary>
internal sealed class GrainClass
{
    private readonly ConcurrentDictionary<string, Activation> activations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, WorkerPool> pools = new(StringComparer.Ordinal);
    private readonly GrainConstructor constructor;

    public GrainClass(GrainEngine engine, Type type)
    {
        Engine = engine;
        Implementation = type;
        Type = TypeNameOf(type);
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute));
        IsKeptAlive = type.IsDefined(typeof(KeepAliveAttribute));
        FiltersItsCalls = type.IsAssignableTo(typeof(IIncomingGrainCallFilter));
        HearsDeactivation = OverridesDeactivation(type);
        CollectionAge = engine.Options.CollectionAge;
        if (type.GetCustomAttribute<StatelessWorkerAttribute>() is { } worker)
        {
            MaximumWorkers = worker.MaxLocalWorkers > 0 ? worker.MaxLocalWorkers : Environment.ProcessorCount;
        }

        constructor = new GrainConstructor(type, engine);
    }

    public GrainEngine Engine { get; }

    public Type Implementation { get; }

    /// <summary>The first part of a grain's identity: the class's name in lower case, without "Grain" at its end.</summary>
    public string Type { get; }

    public bool IsReentrant { get; }

    public bool IsKeptAlive { get; }

    public bool FiltersItsCalls { get; }

    public bool HearsDeactivation { get; }

    public TimeSpan CollectionAge { get; }

    /// <summary>Zero unless the class is a stateless worker.</summary>
    public int MaximumWorkers { get; }

    public IEnumerable<Activation> Activations => activations.Values.Concat(pools.Values.SelectMany(pool => pool.Workers));

    public object Construct(Activation activation) => constructor.Construct(activation);

    /// <summary>
    /// Gives the request to the grain of this key, in memory or not, and answers with whom it was given to. When the
    /// engine makes no activations any more and there is none, the request fails and the answer is null.
    /// </summary>
    public ICallTarget? Deliver(string key, Request request)
    {
        while (true)
        {
            var target = Engine.RefusesActivations ? Existing(key) : GetOrMake(key);
            if (target is null)
            {
                request.Fail(Engine.Unavailable());
                return null;
            }

            if (target.TryReceive(request))
            {
                // An activation made while the engine ended would never run.
                if (Engine.IsOver)
                {
                    request.Fail(Engine.Unavailable());
                }

                return target;
            }

            // Whoever let its last worker go is about to do the same. On one core it would wait for us, who wait for it.
            if (target is WorkerPool gone)
            {
                pools.TryRemove(new(key, gone));
            }
        }
    }

    private ICallTarget GetOrMake(string key) => MaximumWorkers == 0
        ? activations.GetOrAdd(key, static (newKey, self) => new Activation(self, newKey), this)
        : pools.GetOrAdd(key, static (newKey, self) => new WorkerPool(self, newKey), this);

    private ICallTarget? Existing(string key)
        => MaximumWorkers == 0 ? activations.GetValueOrDefault(key) : pools.GetValueOrDefault(key);

    public void Forget(Activation activation, WorkerPool? pool)
    {
        if (pool is null)
        {
            activations.TryRemove(new(activation.Key, activation));
        }
        else if (pool.Remove(activation))
        {
            pools.TryRemove(new(activation.Key, pool));
        }
    }

    private static string TypeNameOf(Type type)
    {
        const string Suffix = "grain";
        var name = type.Name.ToLowerInvariant();
        return name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Suffix.Length ? name[..^Suffix.Length] : name;
    }

    // Most classes do nothing then, and a process that stops has a million of them to let go.
    private static bool OverridesDeactivation(Type type)
    {
        if (!type.IsAssignableTo(typeof(IGrainBase)))
        {
            return false;
        }

        var map = type.GetInterfaceMap(typeof(IGrainBase));
        var index = Array.FindIndex(map.InterfaceMethods, method => method.Name == nameof(IGrainBase.OnDeactivateAsync));
        return map.TargetMethods[index].DeclaringType is { } declaring && declaring != typeof(Grain) && declaring != typeof(IGrainBase);
    }
}
