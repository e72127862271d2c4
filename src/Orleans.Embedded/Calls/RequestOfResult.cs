using Orleans.Runtime;
using Orleans.Turns;

namespace Orleans.Calls;

/// <summary>The result of a method that has none.</summary>
internal readonly struct Nothing;

/// <summary>A request that promises a <typeparamref name="T"/> to its caller.</summary>
internal abstract class Request<T>(GrainMethod method) : Request(method)
{
    // Null when nobody waits.
    private TaskCompletionSource<T>? promise;
    private CancellationTokenRegistration callerCancellation;

    /// <summary>Calls the method on the grain object; one arrives here for each of the four return types.</summary>
    protected abstract ValueTask<T> Call(object grain);

    /// <summary>Sends the request and answers with what the caller may await.</summary>
    internal Task<T> Send(GrainReference reference)
    {
        Reference = reference;
        Source = Activation.Current;
        return reference.Engine.OutgoingFilters.Length == 0 ? Deliver() : SendFiltered();
    }

    private async Task<T> SendFiltered()
    {
        // A filter may send it again while the first is still on its way, so each goes out as its own copy.
        var call = new OutgoingCall(this, async () => Box(await ((Request<T>)MemberwiseClone()).Deliver()));
        await call.Invoke();
        return Unbox(call.Result);
    }

    private Task<T> Deliver()
    {
        var engine = Reference!.Engine;
        if (engine.Refusal(Source) is { } refusal)
        {
            return Task.FromException<T>(refusal);
        }

        if (CallerToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(CallerToken);
        }

        if (engine.Options.RoundTripMessages)
        {
            RoundTripArguments(engine.Options.MessageSerializer);
        }

        Context = RequestContext.Values;
        SentAt = engine.Now;
        if (Method.IsOneWay)
        {
            Reference.Deliver(this);
            return Task.FromResult<T>(default!);
        }

        // The caller resumes in its own turn or thread, never within the turn of the grain that answers.
        promise = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Deadline = SentAt + engine.ResponseTimeoutTicks(Method);
        if (!CallerToken.CanBeCanceled)
        {
            Reference.Deliver(this);
            return promise.Task;
        }

        callerCancellation = CallerToken.UnsafeRegister(static request => ((Request<T>)request!).CancelByCaller(), this);
        Reference.Deliver(this);
        if (promise.Task.IsCanceled)
        {
            // It was cancelled before there was an activation that could have heard of it.
            At?.Cancel(this);
        }

        return promise.Task;
    }

    // The caller is released at once; the callee hears of it in one of its turns and ends as it sees fit.
    private void CancelByCaller()
    {
        if (promise!.TrySetCanceled(CallerToken))
        {
            At?.Cancel(this);
        }
    }

    internal sealed override void Start(Activation activation)
    {
        try
        {
            var grain = activation.GrainInstance!;
            var call = activation.HasFilters ? CallFiltered(activation) : Call(grain);
            if (call.IsCompletedSuccessfully)
            {
                activation.Finish(this, null, waited: false);
                Succeed(call.Result);
                return;
            }

            _ = Await(activation, call);
        }
        catch (Exception exception)
        {
            activation.Finish(this, exception, waited: false);
            Fail(exception);
        }
    }

    private async Task Await(Activation activation, ValueTask<T> call)
    {
        T result;
        try
        {
            result = await call;
        }
        catch (Exception exception)
        {
            activation.Finish(this, exception, waited: true);
            Fail(exception);
            return;
        }

        activation.Finish(this, null, waited: true);
        Succeed(result);
    }

    private async ValueTask<T> CallFiltered(Activation activation)
    {
        var call = new IncomingCall(this, activation);
        await call.Invoke();
        return Unbox(call.Result);
    }

    internal sealed override async Task<object?> InvokeBoxed(object grain)
    {
        return Box(await Call(grain));
    }

    private static object? Box(T result) => typeof(T) == typeof(Nothing) ? null : result;

    private static T Unbox(object? result) => typeof(T) == typeof(Nothing) ? default! : (T)result!;

    private void Succeed(T result)
    {
        if (promise is not { } waiting)
        {
            return;
        }

        callerCancellation.Unregister();
        var options = Reference!.Engine.Options;
        if (options.RoundTripMessages && typeof(T) != typeof(Nothing))
        {
            try
            {
                result = (T)RoundTrip(result, typeof(T), options.MessageSerializer)!;
            }
            catch (Exception exception)
            {
                waiting.TrySetException(exception);
                return;
            }
        }

        waiting.TrySetResult(result);
    }

    internal sealed override bool Fail(Exception exception)
    {
        if (promise is not { } waiting)
        {
            Reference?.Engine.Log.OneWayCallFailed(exception, ToString());
            return false;
        }

        callerCancellation.Unregister();
        return waiting.TrySetException(exception);
    }
}

internal abstract class TaskRequest(GrainMethod method) : Request<Nothing>(method)
{
    public abstract Task Invoke(object grain);

    public static Task Send(TaskRequest request, GrainReference reference) => request.Send(reference);

    protected sealed override ValueTask<Nothing> Call(object grain)
    {
        var task = Invoke(grain);
        return task.IsCompletedSuccessfully ? default : Wait(task);

        static async ValueTask<Nothing> Wait(Task task)
        {
            await task;
            return default;
        }
    }
}

internal abstract class TaskRequest<T>(GrainMethod method) : Request<T>(method)
{
    public abstract Task<T> Invoke(object grain);

    public static Task<T> Send(TaskRequest<T> request, GrainReference reference) => request.Send(reference);

    protected sealed override ValueTask<T> Call(object grain) => new(Invoke(grain));
}

internal abstract class ValueTaskRequest(GrainMethod method) : Request<Nothing>(method)
{
    public abstract ValueTask Invoke(object grain);

    public static ValueTask Send(ValueTaskRequest request, GrainReference reference) => new(request.Send(reference));

    protected sealed override ValueTask<Nothing> Call(object grain)
    {
        var task = Invoke(grain);
        if (!task.IsCompletedSuccessfully)
        {
            return Wait(task);
        }

        // A pooled source is given back when its result is taken.
        task.GetAwaiter().GetResult();
        return default;

        static async ValueTask<Nothing> Wait(ValueTask task)
        {
            await task;
            return default;
        }
    }
}

internal abstract class ValueTaskRequest<T>(GrainMethod method) : Request<T>(method)
{
    public abstract ValueTask<T> Invoke(object grain);

    public static ValueTask<T> Send(ValueTaskRequest<T> request, GrainReference reference) => new(request.Send(reference));

    protected sealed override ValueTask<T> Call(object grain) => Invoke(grain);
}
