namespace Orleans.Runtime
{
    /// <summary>A running grain timer; disposing stops it.</summary>
    public interface IGrainTimer : IDisposable
    {
        void Change(TimeSpan dueTime, TimeSpan period);
    }

    public readonly struct GrainTimerCreationOptions()
    {
        public required TimeSpan DueTime { get; init; }

        /// <summary>Infinite by default: one tick.</summary>
        public required TimeSpan Period { get; init; } = Timeout.InfiniteTimeSpan;

        /// <summary>Ticks may start beside a running call.</summary>
        public bool Interleave { get; init; }

        /// <summary>Ticks count as use, so idle collection leaves the grain alone.</summary>
        public bool KeepAlive { get; init; }
    }
}

namespace Orleans
{
    using Orleans.Runtime;

    public static class GrainBaseExtensions
    {
        public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
            => throw new InvalidOperationException();

        public static IGrainTimer RegisterGrainTimer<TState>(this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
            => throw new InvalidOperationException();

        public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, GrainTimerCreationOptions options)
            => throw new InvalidOperationException();

        public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, TimeSpan dueTime, TimeSpan period)
            => throw new InvalidOperationException();

        public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, TimeSpan dueTime, TimeSpan period)
            => throw new InvalidOperationException();
    }
}
