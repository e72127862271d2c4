using OpenBitum.Tests.Hosting;

namespace OpenBitum.Runtime;

/// <summary>A clock that lets something happen, once, where a thread may be held up.</summary>
public sealed class HeldUpClock(ManualClock clock) : TimeProvider
{
    private Point? point;
    private Action happening = () => { };

    public enum Point
    {
        SettingTheTimer,
        TakingTheTimestamp,
    }

    public override long TimestampFrequency => clock.TimestampFrequency;

    public void Before(Point next, Action happens) => (point, happening) = (next, happens);

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp()
    {
        Pass(Point.TakingTheTimestamp);
        return clock.GetTimestamp();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => new Timer(this, clock.CreateTimer(callback, state, dueTime, period));

    private void Pass(Point here)
    {
        if (point == here)
        {
            point = null;
            happening();
        }
    }

    private sealed class Timer(HeldUpClock clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Pass(Point.SettingTheTimer);
            return timer.Change(dueTime, period);
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
