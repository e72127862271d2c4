using System.Collections.Concurrent;
using Orleans.Calls;
using Orleans.Runtime;
using Orleans.Turns;

namespace Orleans;

/// <summary>Knows which class stands behind which interface.</summary>
internal sealed class GrainFactory : IClusterClient
{
    private readonly GrainEngine engine;
    private readonly Dictionary<string, GrainClass> classes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, Entry> entries = new();
    private readonly ConcurrentDictionary<(Type Interface, string Prefix), GrainClass> chosen = new();

    private sealed record Entry(Func<GrainReference> NewReference, GrainClass? Only);

    public GrainFactory(GrainEngine engine) => this.engine = engine;

    public IEnumerable<GrainClass> Classes => classes.Values;

    /// <exception cref="OrleansConfigurationException">Two classes would have the same grain type.</exception>
    public void Add(IEnumerable<Type> grainClasses)
    {
        foreach (var type in grainClasses)
        {
            var grainClass = new GrainClass(engine, type);
            if (!classes.TryAdd(grainClass.Type, grainClass))
            {
                throw new OrleansConfigurationException(
                    $"{type} and {classes[grainClass.Type].Implementation} are both of grain type '{grainClass.Type}'. Rename one.");
            }
        }
    }

    public GrainClass ClassOf(string grainType) => classes.TryGetValue(grainType, out var grainClass)
        ? grainClass
        : throw new ArgumentException($"There is no grain class of type '{grainType}'.", nameof(grainType));

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        var entry = EntryOf(typeof(TGrainInterface));
        var grainClass = string.IsNullOrWhiteSpace(grainClassNamePrefix)
            ? entry.Only ?? throw NoSingleClass(typeof(TGrainInterface))
            : chosen.GetOrAdd(
                (typeof(TGrainInterface), grainClassNamePrefix), static (key, self) => self.Choose(key.Interface, key.Prefix), this);
        return (TGrainInterface)(object)Bind(entry, grainClass, primaryKey);
    }

    /// <summary>A reference to a known grain through any of its interfaces.</summary>
    public TInterface GetReference<TInterface>(GrainId id)
        where TInterface : class, IAddressable
        => (TInterface)(object)Bind(EntryOf(typeof(TInterface)), ClassOf(id.Type), id.Key);

    private static GrainReference Bind(Entry entry, GrainClass grainClass, string key)
    {
        var reference = entry.NewReference();
        reference.Bind(grainClass, key);
        return reference;
    }

    private Entry EntryOf(Type grainInterface)
    {
        if (!entries.TryGetValue(grainInterface, out var entry))
        {
            // Without classes the engine has not started; what is found then must not stay.
            entry = new Entry(ProxyEmitter.FactoryOf(CheckInterface(grainInterface)), PrimaryOf(grainInterface));
            if (classes.Count > 0)
            {
                entries[grainInterface] = entry;
            }
        }

        return entry;
    }

    private static Type CheckInterface(Type type) => type.IsInterface
        ? type
        : throw new ArgumentException($"{type} is not an interface: grains are called through their interfaces.");

    // As upstream: a class with the interface's own name, without the I, goes before others.
    private GrainClass? PrimaryOf(Type grainInterface)
    {
        var candidates = CandidatesOf(grainInterface);
        return candidates.Count == 1
            ? candidates[0]
            : candidates.SingleOrDefault(candidate => candidate.Implementation.Name == grainInterface.Name[1..]);
    }

    private GrainClass Choose(Type grainInterface, string prefix)
    {
        var candidates = CandidatesOf(grainInterface)
            .Where(candidate => candidate.Implementation.FullName!.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        return candidates.Find(candidate => candidate.Implementation.FullName == prefix) ?? candidates switch
        {
            [var only] => only,
            [] => throw new ArgumentException(
                $"Could not find an implementation matching prefix \"{prefix}\" for interface {grainInterface}."),
            _ => throw new ArgumentException(
                $"Several classes behind {grainInterface} match prefix \"{prefix}\": {Names(candidates)}."),
        };
    }

    private Exception NoSingleClass(Type grainInterface)
    {
        if (engine.Status == EngineStatus.NotStarted)
        {
            return engine.Unavailable();
        }

        var candidates = CandidatesOf(grainInterface);
        return new ArgumentException(candidates.Count == 0
            ? $"Could not find an implementation for interface {grainInterface}."
            : $"Several classes implement {grainInterface}: {Names(candidates)}. Choose one by grainClassNamePrefix.");
    }

    private List<GrainClass> CandidatesOf(Type grainInterface)
        => [.. classes.Values.Where(candidate => grainInterface.IsAssignableFrom(candidate.Implementation))];

    private static string Names(List<GrainClass> classes)
        => string.Join(", ", classes.Select(candidate => candidate.Implementation.FullName).Order(StringComparer.Ordinal));
}
