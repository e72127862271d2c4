using Orleans.Calls;
using Orleans.Runtime;
using Orleans.Turns;

namespace Orleans.Timers;

/// <summary>What a timer tick looks like to call filters.</summary>
internal interface IGrainTimerInvoker : IAddressable
{
    Task InvokeCallbackAsync();
}

/// <summary>
/// A timer of one activation. A tick is a request to the grain, so it waits for its turn like any other; the next is
/// scheduled when it has ended, so ticks never overlap.
/// </summary>
internal sealed class GrainTimer<TState> : IGrainTimer, IDueItem
{
    private static readonly GrainMethod _method = new(typeof(IGrainTimerInvoker).GetMethod(nameof(IGrainTimerInvoker.InvokeCallbackAsync))!);

    private readonly Activation _activation;
    private readonly Func<TState, CancellationToken, Task> _callback;
    private readonly TState _state;
    private readonly bool _interleave;
    private readonly bool _keepAlive;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposal = new();
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _ticking;
    private bool _changed;
    private bool _disposed;

    public GrainTimer(
        Activation activation, Func<TState, CancellationToken, Task> callback, TState state, in GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _state = state;
        _interleave = options.Interleave;
        _keepAlive = options.KeepAlive;
        activation.AddTimer(this);
        Change(options.DueTime, options.Period);
    }

    int IDueItem.Place { get; set; } = -1;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        lock (_gate)
        {
            _dueTime = dueTime;
            _period = period;
            _changed = true;
            if (!_ticking)
            {
                Schedule(dueTime);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _activation.Engine.Due.Cancel(this);
        }

        _activation.RemoveTimer(this);
        _disposal.Cancel();
    }

    void IDueItem.OnDue(long now)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _ticking = true;
        }

        _activation.TryReceive(new Tick(this));
    }

    private async Task Run()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _changed = false;
        }

        try
        {
            await _callback(_state, _disposal.Token);
        }
        catch (Exception exception)
        {
            _activation.Engine.Log.TimerFailed(exception, _activation.GrainId);

            // The runtime drops a grain whose record was written by somebody else; of the rest it need not hear.
            if (exception is Storage.InconsistentStateException)
            {
                throw;
            }
        }
        finally
        {
            ScheduleNext();
        }
    }

    private void ScheduleNext()
    {
        lock (_gate)
        {
            _ticking = false;
            Schedule(_changed ? _dueTime : _period);
        }
    }

    private void Schedule(TimeSpan delay)
    {
        if (_disposed)
        {
            return;
        }

        if (delay == Timeout.InfiniteTimeSpan)
        {
            _activation.Engine.Due.Cancel(this);
        }
        else
        {
            _activation.Engine.Due.Schedule(this, _activation.Engine.After(delay));
        }
    }

    private static void Check(TimeSpan time, string name)
    {
        // The limits of System.Threading.Timer, which upstream inherits.
        var milliseconds = time.Ticks / TimeSpan.TicksPerMillisecond;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, 0xfffffffe, name);
    }

    private sealed class Tick : TaskRequest
    {
        private readonly GrainTimer<TState> _timer;

        public Tick(GrainTimer<TState> timer) : base(_method)
        {
            _timer = timer;
            SentAt = timer._activation.Engine.Now;
        }

        internal override bool Interleaves => _timer._interleave;

        internal override bool CountsAsUse => _timer._keepAlive;

        internal override bool DiesWithActivation => true;

        internal override GrainId TargetId => _timer._activation.GrainId;

        public override Task Invoke(object grain) => _timer.Run();
    }
}
