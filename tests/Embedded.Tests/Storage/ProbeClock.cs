namespace OpenBitum.Storage;

/// <summary>A clock that stands still, and whose running timers tick when the test says so.</summary>
public sealed class ProbeClock : TimeProvider
{
    private readonly List<Timer> timers = [];

    public DateTimeOffset Now { get; set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public int RunningTimers => timers.Count(timer => timer.IsRunning);

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(callback, state) { IsRunning = dueTime != Timeout.InfiniteTimeSpan };
        timers.Add(timer);
        return timer;
    }

    public void Tick()
    {
        foreach (var timer in timers.Where(timer => timer.IsRunning).ToArray())
        {
            timer.Tick();
        }
    }

    private sealed class Timer(TimerCallback callback, object? state) : ITimer
    {
        public bool IsRunning { get; set; }

        public void Tick() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            IsRunning = dueTime != Timeout.InfiniteTimeSpan;
            return true;
        }

        public void Dispose() => IsRunning = false;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
