namespace Orleans.Runtime;

/// <summary>The activation around a grain object.</summary>
public interface IGrainContext
{
    GrainId GrainId { get; }

    /// <summary>The grain object; null until it has been constructed.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of this activation; scoped ones live as long as it does.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Drops the activation once its running calls have ended.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}

/// <summary>Identity of a grain: its class's type name and its key.</summary>
public readonly record struct GrainId(string Type, string Key)
{
    public override string ToString() => $"{Type}/{Key}";
}

public enum DeactivationReasonCode : byte
{
    None, ShuttingDown, ActivationFailed, DirectoryFailure, ActivationIdle, ActivationUnresponsive, DuplicateActivation,
    IncompatibleRequest, ApplicationError, ApplicationRequested, Migrating, RuntimeRequested, HighMemoryPressure,
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

/// <summary>The request was turned away and has not been started.</summary>
public class OrleansMessageRejectionException : OrleansException
{
    public OrleansMessageRejectionException() { }

    public OrleansMessageRejectionException(string message) : base(message) { }

    public OrleansMessageRejectionException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>The process that would run the grain has not started, is stopping or is gone.</summary>
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    public SiloUnavailableException() : base("Silo unavailable") { }

    public SiloUnavailableException(string message) : base(message) { }

    public SiloUnavailableException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>The engine is put together in a way that cannot work.</summary>
public sealed class OrleansConfigurationException : Exception
{
    public OrleansConfigurationException(string message) : base(message) { }

    public OrleansConfigurationException(string message, Exception innerException) : base(message, innerException) { }
}
