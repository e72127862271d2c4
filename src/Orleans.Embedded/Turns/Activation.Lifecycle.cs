using Orleans.Calls;
using Orleans.Runtime;

namespace Orleans.Turns;

internal sealed partial class Activation
{
    private DeactivationReason reason;
    private bool closing;
    private bool deactivateWhenActive;
    private TaskCompletionSource? idle;
    private TaskCompletionSource? gone;

    private bool IsReadyToClose => status == ActivationStatus.Deactivating && !closing && Running == 0;

    /// <summary>Ends when nothing runs and nothing waits.</summary>
    public Task WhenIdle()
    {
        lock (gate)
        {
            if (status == ActivationStatus.Gone || HasNothing)
            {
                return Task.CompletedTask;
            }

            if (idle is null or { Task.IsCompleted: true })
            {
                idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return idle.Task;
        }
    }

    /// <summary>Ends when the activation is gone.</summary>
    public Task WhenGone()
    {
        lock (gate)
        {
            if (status == ActivationStatus.Gone)
            {
                return Task.CompletedTask;
            }

            gone ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return gone.Task;
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        bool run;
        lock (gate)
        {
            BeginDeactivation(deactivationReason);
            run = NeedsRun();
        }

        if (run)
        {
            Engine.Scheduler.Schedule(this);
        }
    }

    // While it activates, the wish is kept: it deactivates once it is active.
    private void BeginDeactivation(DeactivationReason reason)
    {
        if (status is ActivationStatus.Deactivating or ActivationStatus.Gone)
        {
            return;
        }

        this.reason = reason;
        if (status == ActivationStatus.Active)
        {
            status = ActivationStatus.Deactivating;
        }
        else
        {
            deactivateWhenActive = true;
        }
    }

    private async Task Activate()
    {
        try
        {
            GrainInstance = Class.Construct(this);
            foreach (var state in States ?? [])
            {
                await state.Load(Engine.Aborted);
            }

            if (GrainInstance is IGrainBase grain)
            {
                await grain.OnActivateAsync(Engine.Aborted);
            }
        }
        catch (Exception exception)
        {
            Engine.Log.ActivationFailed(exception, GrainId);
            await Vanish(exception);
            return;
        }

        lock (gate)
        {
            status = deactivateWhenActive ? ActivationStatus.Deactivating : ActivationStatus.Active;
            LookAgainAt(IdleEnd);
        }
    }

    private async Task Close()
    {
        StopTimers();
        if (Class.HearsDeactivation)
        {
            using var patience = new CancellationTokenSource(Engine.Options.DeactivationTimeout, Engine.Time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, Engine.Aborted);
            try
            {
                await ((IGrainBase)GrainInstance!).OnDeactivateAsync(reason, stop.Token).WaitAsync(stop.Token);
            }
            catch (Exception exception)
            {
                Engine.Log.DeactivationFailed(exception, GrainId);
            }
        }

        await Vanish(null);
    }

    // It leaves the directory before it is marked gone, so whoever is refused finds the next activation. That one is
    // made only now: a grain is never in memory twice.
    private async Task Vanish(Exception? failure)
    {
        StopTimers();
        Class.Forget(this, pool);
        List<Request> left = [];
        lock (gate)
        {
            status = ActivationStatus.Gone;
            TakeAll(ref interleaving, left);
            TakeAll(ref readers, left);
            TakeAll(ref exclusive, left);
            gone?.TrySetResult();
            idle?.TrySetResult();
        }

        Engine.Due.Cancel(this);
        foreach (var request in left)
        {
            if (failure is not null)
            {
                request.Fail(failure);
            }
            else if (!request.DiesWithActivation)
            {
                Class.Deliver(Key, request);
            }
        }

        await DisposeGrain();
    }

    private async Task DisposeGrain()
    {
        try
        {
            if (GrainInstance is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync();
            }
            else
            {
                (GrainInstance as IDisposable)?.Dispose();
            }

            if (scope is IAsyncDisposable services)
            {
                await services.DisposeAsync();
            }
        }
        catch (Exception exception)
        {
            Engine.Log.DeactivationFailed(exception, GrainId);
        }

        // A reference that is kept for long still points here until its next call.
        GrainInstance = null;
        States = null;
    }

    /// <summary>Tells the callers of what has not ended; nothing of this activation runs any more.</summary>
    public void Abandon(Exception exception)
    {
        Class.Forget(this, pool);
        List<Request> left = [];
        lock (gate)
        {
            status = ActivationStatus.Gone;
            for (var request = firstRunning; request is not null; request = request.Next)
            {
                left.Add(request);
            }

            TakeAll(ref interleaving, left);
            TakeAll(ref readers, left);
            TakeAll(ref exclusive, left);
            gone?.TrySetResult();
            idle?.TrySetResult();
        }

        StopTimers();
        foreach (var request in left)
        {
            request.Fail(exception);
        }
    }

    private static void TakeAll(ref RequestQueue queue, List<Request> into)
    {
        while (queue.First is not null)
        {
            var request = queue.Dequeue();
            if (request.Stage == RequestStage.Waiting)
            {
                into.Add(request);
            }
        }
    }

    private void StopTimers()
    {
        IGrainTimer[] stopping;
        lock (gate)
        {
            stopping = timers?.ToArray() ?? [];
            timers = null;
        }

        foreach (var timer in stopping)
        {
            timer.Dispose();
        }
    }
}
