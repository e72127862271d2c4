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
    private ICallTarget? lastTarget;
    private GrainClass? grainClass;

    public GrainId GrainId { get; private set; }

    internal GrainClass GrainClass => grainClass!;

    internal GrainEngine Engine => grainClass!.Engine;

    internal void Bind(GrainClass grainClass, string key)
    {
        this.grainClass = grainClass;
        GrainId = new GrainId(grainClass.Type, key);
    }

    internal void Deliver(Request request)
    {
        if (lastTarget is not { } target || !target.TryReceive(request))
        {
            lastTarget = GrainClass.Deliver(GrainId.Key, request);
        }
    }

    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"GrainReference:{GrainId}";
}
