using System.Reflection;
using System.Text.Json;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using Orleans.Turns;

namespace Orleans.Calls;

/// <summary>Where a request is on its way. Guarded by the gate of the activation that has it.</summary>
internal enum RequestStage : byte
{
    Sent, Waiting, Running, Over,
}

/// <summary>
/// One call under way. A subclass is emitted for every grain method, with a field for each argument, so neither sending
/// nor running it needs reflection.
/// </summary>
internal abstract class Request(GrainMethod method) : IInvokable
{
    /// <summary>Neighbours among the waiting or the running of one activation.</summary>
    internal Request? Next, Previous;

    internal RequestStage Stage;

    /// <summary>When it came to the activation, as a number.</summary>
    internal long Order;

    internal long SentAt;

    /// <summary>When the caller stops waiting; <see cref="long.MaxValue"/> when nobody waits or it has been told.</summary>
    internal long Deadline = long.MaxValue;

    internal Dictionary<string, object>? Context;

    internal Activation? Source;

    internal GrainReference? Reference;

    /// <summary>The activation that has it; null until one does.</summary>
    internal volatile Activation? At;

    /// <summary>The token that the caller gave; the callee sees <see cref="CalleeToken"/>. Emitted code writes it.</summary>
    public CancellationToken CallerToken;

    private CancellationTokenSource? calleeCancellation;
    private object? target;

    internal GrainMethod Method { get; } = method;

    internal virtual bool IsReadOnly => Method.IsReadOnly;

    internal virtual bool Interleaves => Method.Interleaves;

    /// <summary>Whether idle collection counts it as use.</summary>
    internal virtual bool CountsAsUse => true;

    /// <summary>Whether it belongs to this activation only, so that no other may run it in its place.</summary>
    internal virtual bool DiesWithActivation => false;

    internal virtual GrainId TargetId => Reference!.GrainId;

    /// <summary>
    /// The callee's own token. It is cancelled in a turn of the callee, so that what the grain registered with it runs
    /// there too.
    /// </summary>
    public CancellationToken CalleeToken
        => CallerToken.CanBeCanceled ? (calleeCancellation ??= new CancellationTokenSource()).Token : default;

    /// <summary>Runs it. Called in a turn of the activation, which is told by <see cref="Activation.Finish"/>.</summary>
    internal abstract void Start(Activation activation);

    /// <summary>Tells the caller; false when the caller has been told something before.</summary>
    internal abstract bool Fail(Exception exception);

    /// <summary>The result boxed, for filters; null for methods without one.</summary>
    internal abstract Task<object?> InvokeBoxed(object grain);

    internal void SetTarget(object? grain) => target = grain;

    internal void CancelCallee()
    {
        try
        {
            calleeCancellation?.Cancel();
        }
        catch (AggregateException exception)
        {
            Reference?.Engine.Log.CancellationCallbackFailed(exception, ToString());
        }
    }

    internal TimeoutException TimedOut(TimeSpan timeout) => new(
        $"Response did not arrive on time in {timeout} for {this}. The outcome is unknown: the grain may still be working on it.");

    internal void RoundTripArguments(JsonSerializerOptions options)
    {
        for (var index = 0; index < Method.Parameters.Length; index++)
        {
            if (index != Method.CancellationIndex)
            {
                var type = Method.Parameters[index].ParameterType;
                ArgumentField(index).SetValue(this, RoundTrip(GetArgument(index), type, options));
            }
        }
    }

    /// <summary>The value as it would arrive after a real transport.</summary>
    /// <exception cref="JsonException">It cannot be read back.</exception>
    protected static object? RoundTrip(object? value, Type type, JsonSerializerOptions options)
        => JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(value, type, options), type, options);

    private FieldInfo ArgumentField(int index) => GetType().GetField(RequestEmitter.ArgumentName(index))!;

    object? IInvokable.GetTarget() => target;

    int IInvokable.GetArgumentCount() => Method.Parameters.Length;

    public object? GetArgument(int index)
        => index == Method.CancellationIndex ? CallerToken : ArgumentField(index).GetValue(this);

    void IInvokable.SetArgument(int index, object value)
    {
        if (index == Method.CancellationIndex)
        {
            CallerToken = (CancellationToken)value;
        }
        else
        {
            ArgumentField(index).SetValue(this, value);
        }
    }

    string IInvokable.GetMethodName() => Method.Name;

    string IInvokable.GetInterfaceName() => Method.InterfaceName;

    string IInvokable.GetActivityName() => $"{Method.Interface.Name}/{Method.Name}";

    MethodInfo IInvokable.GetMethod() => Method.Info;

    Type IInvokable.GetInterfaceType() => Method.Interface;

    TimeSpan? IInvokable.GetDefaultResponseTimeout() => Method.ResponseTimeout;

    CancellationToken IInvokable.GetCancellationToken() => CallerToken;

    bool IInvokable.IsCancellable => Method.CancellationIndex >= 0;

    public override string ToString() => $"{Method} on {TargetId}";
}
