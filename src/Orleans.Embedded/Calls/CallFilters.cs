using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans;

public delegate Task OutgoingGrainCallFilterDelegate(IOutgoingGrainCallContext context);

public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);

/// <summary>A call as a filter sees it.</summary>
public interface IGrainCallContext
{
    IInvokable Request { get; }

    /// <summary>The grain object for an incoming call, the reference for an outgoing one.</summary>
    object Grain { get; }

    /// <summary>Who calls; null when it is no grain.</summary>
    GrainId? SourceId { get; }

    GrainId TargetId { get; }

    /// <summary>The full name of the interface.</summary>
    string InterfaceName { get; }

    string MethodName { get; }

    MethodInfo InterfaceMethod { get; }

    /// <summary>What the caller will get; null for a method without a result.</summary>
    object? Result { get; set; }

    /// <summary>Goes on with the next filter and, behind the last, with the call itself. Throws what they throw.</summary>
    Task Invoke();
}

public interface IIncomingGrainCallContext : IGrainCallContext
{
    IGrainContext TargetContext { get; }

    /// <summary>The method of the grain class.</summary>
    MethodInfo ImplementationMethod { get; }
}

public interface IOutgoingGrainCallContext : IGrainCallContext
{
    IGrainContext? SourceContext { get; }
}

/// <summary>Runs around every call that a grain receives, in a turn of that grain; the first registered is the outermost.</summary>
public interface IIncomingGrainCallFilter
{
    Task Invoke(IIncomingGrainCallContext context);
}

/// <summary>Runs around every call that this process sends, at the caller; the first registered is the outermost.</summary>
public interface IOutgoingGrainCallFilter
{
    Task Invoke(IOutgoingGrainCallContext context);
}
