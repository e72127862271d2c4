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
    private static readonly GrainMethod method = new(typeof(IGrainTimerInvoker).GetMethod(nameof(IGrainTimerInvoker.InvokeCallbackAsync))!);

    private readonly Activation activation;
    private readonly Func<TState, CancellationToken, Task> callback;
    private readonly TState state;
    private readonly bool interleave;
    private readonly bool keepAlive;
    private readonly Lock gate = new();
    private readonly CancellationTokenSource disposal = new();
    private TimeSpan dueTime;
    private TimeSpan period;

    // Its place on the clock; none while a tick is under way.
    private long dueAt = long.MaxValue;
    private bool ticking;
    private bool changed;
    private bool disposed;

    public GrainTimer(
        Activation activation, Func<TState, CancellationToken, Task> callback, TState state, in GrainTimerCreationOptions options)
    {
        this.activation = activation;
        this.callback = callback;
        this.state = state;
        interleave = options.Interleave;
        keepAlive = options.KeepAlive;
        Change(options.DueTime, options.Period);
        activation.AddTimer(this);
    }

    int IDueItem.Place { get; set; } = -1;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        lock (gate)
        {
            this.dueTime = dueTime;
            this.period = period;
            changed = true;
            if (!ticking)
            {
                Schedule(dueTime);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            activation.Engine.Due.Cancel(this);
        }

        activation.RemoveTimer(this);
        disposal.Cancel();
    }

    void IDueItem.OnDue(long now)
    {
        lock (gate)
        {
            // It has left the queue a moment ago, and may have been moved since: then it becomes due once more, at its new time.
            if (disposed || now < dueAt)
            {
                return;
            }

            dueAt = long.MaxValue;
            ticking = true;
            changed = false;
        }

        activation.TryReceive(new Tick(this));
    }

    private async Task Run()
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }
        }

        try
        {
            await callback(state, disposal.Token);
        }
        catch (Exception exception)
        {
            activation.Engine.Log.TimerFailed(exception, activation.GrainId);

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
        lock (gate)
        {
            ticking = false;
            Schedule(changed ? dueTime : period);
        }
    }

    private void Schedule(TimeSpan delay)
    {
        if (disposed)
        {
            return;
        }

        if (delay == Timeout.InfiniteTimeSpan)
        {
            dueAt = long.MaxValue;
            activation.Engine.Due.Cancel(this);
        }
        else
        {
            dueAt = activation.Engine.After(delay);
            activation.Engine.Due.Schedule(this, dueAt);
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
        private readonly GrainTimer<TState> timer;

        public Tick(GrainTimer<TState> timer) : base(method)
        {
            this.timer = timer;
            SentAt = timer.activation.Engine.Now;
        }

        internal override bool Interleaves => timer.interleave;

        internal override bool CountsAsUse => timer.keepAlive;

        internal override bool DiesWithActivation => true;

        internal override GrainId TargetId => timer.activation.GrainId;

        public override Task Invoke(object grain) => timer.Run();
    }
}
