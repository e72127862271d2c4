namespace Orleans.Runtime;

/// <summary>The activation around a grain object.</summary>
public interface IGrainContext
{
    GrainId GrainId { get; }
}

/// <summary>Identity of a grain: its class's type name and its key.</summary>
public readonly record struct GrainId(string Type, string Key)
{
    public override string ToString() => $"{Type}/{Key}";
}

public enum DeactivationReasonCode
{
    None, ShuttingDown, ActivationFailed, DirectoryFailure, ActivationIdle, ActivationUnresponsive, DuplicateActivation,
    IncompatibleRequest, ApplicationError, ApplicationRequested, Migrating, RuntimeRequested,
}

/// <summary>Why an activation ends.</summary>
public readonly struct DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
{
    public DeactivationReason(DeactivationReasonCode code, string text) : this(code, null, text) { }

    public DeactivationReasonCode ReasonCode { get; } = code;

    public string Description { get; } = text;

    public Exception? Exception { get; } = exception;
}

/// <summary>Base of the runtime's own failures.</summary>
public class OrleansException : Exception
{
    public OrleansException() { }

    public OrleansException(string message) : base(message) { }

    public OrleansException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>Values that flow with a chain of calls.</summary>
public static class RequestContext
{
    public static object? Get(string key) => throw new InvalidOperationException();

    public static void Set(string key, object value) => throw new InvalidOperationException();

    public static bool Remove(string key) => throw new InvalidOperationException();

    public static void Clear() => throw new InvalidOperationException();
}
