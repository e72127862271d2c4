using Orleans.Calls;
using Orleans.Runtime;

namespace Orleans.Turns;

internal sealed partial class Activation
{
    private DeactivationReason _reason;
    private bool _closing;
    private bool _deactivateWhenActive;
    private TaskCompletionSource? _idle;
    private TaskCompletionSource? _gone;

    private bool IsReadyToClose => _status == ActivationStatus.Deactivating && !_closing && Running == 0;

    /// <summary>Ends when nothing runs and nothing waits.</summary>
    public Task WhenIdle()
    {
        lock (_gate)
        {
            if (_status == ActivationStatus.Gone || IsIdle)
            {
                return Task.CompletedTask;
            }

            if (_idle is null or { Task.IsCompleted: true })
            {
                _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return _idle.Task;
        }
    }

    /// <summary>Ends when the activation is gone.</summary>
    public Task WhenGone()
    {
        lock (_gate)
        {
            if (_status == ActivationStatus.Gone)
            {
                return Task.CompletedTask;
            }

            _gone ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _gone.Task;
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        bool run;
        lock (_gate)
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
        if (_status is ActivationStatus.Deactivating or ActivationStatus.Gone)
        {
            return;
        }

        _reason = reason;
        if (_status == ActivationStatus.Active)
        {
            _status = ActivationStatus.Deactivating;
        }
        else
        {
            _deactivateWhenActive = true;
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

        lock (_gate)
        {
            _status = _deactivateWhenActive ? ActivationStatus.Deactivating : ActivationStatus.Active;
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
                await ((IGrainBase)GrainInstance!).OnDeactivateAsync(_reason, stop.Token).WaitAsync(stop.Token);
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
        Class.Forget(this, _pool);
        List<Request> left = [];
        lock (_gate)
        {
            _status = ActivationStatus.Gone;
            TakeAll(ref _interleaving, left);
            TakeAll(ref _readers, left);
            TakeAll(ref _exclusive, left);
            _gone?.TrySetResult();
            _idle?.TrySetResult();
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

            if (_scope is IAsyncDisposable scope)
            {
                await scope.DisposeAsync();
            }
        }
        catch (Exception exception)
        {
            Engine.Log.DeactivationFailed(exception, GrainId);
        }
    }

    /// <summary>Tells the callers of what has not ended; nothing of this activation runs any more.</summary>
    public void Abandon(Exception exception)
    {
        List<Request> left = [];
        lock (_gate)
        {
            _status = ActivationStatus.Gone;
            for (var request = _firstRunning; request is not null; request = request.Next)
            {
                left.Add(request);
            }

            TakeAll(ref _interleaving, left);
            TakeAll(ref _readers, left);
            TakeAll(ref _exclusive, left);
            _gone?.TrySetResult();
            _idle?.TrySetResult();
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
        foreach (var timer in _timers?.ToArray() ?? [])
        {
            timer.Dispose();
        }

        _timers = null;
    }
}
