using System.Reflection;

namespace Orleans.Serialization.Invocation;

/// <summary>A request as filters see it: which method of which interface, with which arguments.</summary>
public interface IInvokable
{
    /// <summary>The grain object once the request has reached it, null before.</summary>
    object? GetTarget();

    int GetArgumentCount();

    object? GetArgument(int index);

    void SetArgument(int index, object value);

    string GetMethodName();

    /// <summary>The full name of the interface.</summary>
    string GetInterfaceName();

    string GetActivityName();

    MethodInfo GetMethod();

    Type GetInterfaceType();

    /// <summary>The method's own response timeout; null when the engine's default holds.</summary>
    TimeSpan? GetDefaultResponseTimeout();

    CancellationToken GetCancellationToken();

    bool IsCancellable { get; }
}
