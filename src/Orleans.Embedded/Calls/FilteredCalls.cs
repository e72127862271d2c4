using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using Orleans.Turns;

namespace Orleans.Calls;

/// <summary>One call on its way through the filters; made only when there are any.</summary>
internal abstract class FilteredCall(Request request) : IGrainCallContext
{
    private int place;

    protected Request Call { get; } = request;

    public IInvokable Request => Call;

    public abstract object Grain { get; }

    public GrainId? SourceId => Call.Source?.GrainId;

    public GrainId TargetId => Call.TargetId;

    public string InterfaceName => Call.Method.InterfaceName;

    public string MethodName => Call.Method.Name;

    public MethodInfo InterfaceMethod => Call.Method.Info;

    public object? Result { get; set; }

    public async Task Invoke()
    {
        // A filter that retries comes back to its own place in the row.
        var stage = place++;
        try
        {
            if (Filter(stage) is { } filtered)
            {
                await filtered;
            }
            else
            {
                Result = await Last();
            }
        }
        finally
        {
            place = stage;
        }
    }

    /// <summary>Starts the filter at this place; null behind the last.</summary>
    protected abstract Task? Filter(int stage);

    protected abstract Task<object?> Last();
}

internal sealed class IncomingCall(Request request, Activation activation) : FilteredCall(request), IIncomingGrainCallContext
{
    public override object Grain => activation.GrainInstance!;

    public IGrainContext TargetContext => activation;

    public MethodInfo ImplementationMethod
    {
        get
        {
            if (Grain.GetType().IsAssignableTo(InterfaceMethod.DeclaringType))
            {
                var map = Grain.GetType().GetInterfaceMap(InterfaceMethod.DeclaringType!);
                return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, InterfaceMethod)];
            }

            // A timer tick is no method of the class.
            return InterfaceMethod;
        }
    }

    protected override Task? Filter(int stage)
    {
        var filters = activation.Engine.IncomingFilters;
        if (stage < filters.Length)
        {
            return filters[stage].Invoke(this);
        }

        // The grain itself is the innermost filter when it wants to be one.
        return stage == filters.Length && Grain is IIncomingGrainCallFilter own ? own.Invoke(this) : null;
    }

    protected override Task<object?> Last()
    {
        Call.SetTarget(Grain);
        return Call.InvokeBoxed(Grain);
    }
}

internal sealed class OutgoingCall(Request request, Func<Task<object?>> deliver) : FilteredCall(request), IOutgoingGrainCallContext
{
    public override object Grain => Call.Reference!;

    public IGrainContext? SourceContext => Call.Source;

    protected override Task? Filter(int stage)
    {
        var filters = Call.Reference!.Engine.OutgoingFilters;
        return stage < filters.Length ? filters[stage].Invoke(this) : null;
    }

    protected override Task<object?> Last() => deliver();
}
