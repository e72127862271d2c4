namespace OpenBitum.Tests.Hosting;

/// <summary>
/// A clock that stands still until it is moved. Timers fire on the thread that moves it, in the order they become due,
/// with the clock at the time of each; equal times in the order they were set.
/// </summary>
public sealed class ManualClock(DateTimeOffset? start = null) : TimeProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private readonly SortedSet<ManualTimer> armed = new(Comparer<ManualTimer>.Create(Compare));
    private readonly DateTimeOffset origin = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<(TimeSpan Length, TaskCompletionSource Set)> awaited = [];
    private DateTimeOffset now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long settings;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer fires; null when none is set.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (gate)
            {
                return armed.Min?.Due;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => (GetUtcNow() - origin).Ticks;

    /// <summary>
    /// Ends when somebody sets a new timer of just this length, counted from this call: they wait now, and time that moves by as much
    /// wakes them, however slow the machine was in bringing them there.
    /// </summary>
    public Task Wait(TimeSpan length)
    {
        var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            awaited.Add((length, set));
        }

        return set.Task.WaitAsync(Patience);
    }

    public void Advance(TimeSpan by) => AdvanceTo(GetUtcNow() + by);

    /// <summary>Fires what becomes due on the way. A time in the past leaves the clock where it is.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        while (TakeDue(time) is { } timer)
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        Tell(dueTime);
        return timer;
    }

    private void Tell(TimeSpan length)
    {
        lock (gate)
        {
            foreach (var (_, set) in awaited.Where(wait => wait.Length == length))
            {
                set.TrySetResult();
            }

            awaited.RemoveAll(wait => wait.Length == length);
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset time)
    {
        lock (gate)
        {
            if (armed.Min is not { } timer || timer.Due > time)
            {
                now = time > now ? time : now;
                return null;
            }

            armed.Remove(timer);
            now = timer.Due > now ? timer.Due : now;
            if (timer.Period > TimeSpan.Zero)
            {
                Arm(timer, timer.Period);
            }

            return timer;
        }
    }

    private void Arm(ManualTimer timer, TimeSpan delay)
    {
        timer.Due = now + delay;
        timer.Order = settings++;
        armed.Add(timer);
    }

    private static int Compare(ManualTimer left, ManualTimer right)
        => left.Due != right.Due ? left.Due.CompareTo(right.Due) : left.Order.CompareTo(right.Order);

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public long Order { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.armed.Remove(this);
                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    clock.Arm(this, dueTime);
                }

                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
