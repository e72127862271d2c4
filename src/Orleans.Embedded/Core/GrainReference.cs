using Orleans.Calls;
using Orleans.Turns;

namespace Orleans.Runtime;

/// <summary>
/// Base of the emitted proxies: the identity of a grain and the way to it. Two references are equal when they name the
/// same grain.
/// </summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    // What the last call was given to. It may be dead by now; the grain class then knows the next one.
    private ICallTarget? _target;
    private GrainClass? _grainClass;

    public GrainId GrainId { get; private set; }

    internal GrainClass GrainClass => _grainClass!;

    internal GrainEngine Engine => _grainClass!.Engine;

    internal void Bind(GrainClass grainClass, string key)
    {
        _grainClass = grainClass;
        GrainId = new GrainId(grainClass.Type, key);
    }

    internal void Deliver(Request request)
    {
        var target = _target;
        while (target is null || !target.TryReceive(request))
        {
            _target = target = GrainClass.TargetOf(GrainId.Key);
        }
    }

    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"GrainReference:{GrainId}";
}
