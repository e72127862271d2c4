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
    using Orleans.Timers;
    using Orleans.Turns;

    public static class GrainBaseExtensions
    {
        /// <summary>Drops the activation once its running calls have ended; the next call gets a new one.</summary>
        public static void DeactivateOnIdle(this IGrainBase grain) => grain.GrainContext.Deactivate(
            new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "DeactivateOnIdle was called."));

        /// <summary>
        /// Starts a timer of this activation. Its ticks take turns with calls, never overlap themselves, and end with the
        /// activation; what they throw is logged.
        /// </summary>
        public static IGrainTimer RegisterGrainTimer<TState>(
            this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
        {
            ArgumentNullException.ThrowIfNull(grain);
            ArgumentNullException.ThrowIfNull(callback);
            var activation = (Activation)grain.GrainContext;
            activation.CheckTurn();
            return new GrainTimer<TState>(activation, callback, state, options);
        }

        public static IGrainTimer RegisterGrainTimer<TState>(
            this IGrainBase grain, Func<TState, Task> callback, TState state, GrainTimerCreationOptions options)
            => grain.RegisterGrainTimer(static (both, _) => both.callback(both.state), (callback, state), options);

        public static IGrainTimer RegisterGrainTimer(
            this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
            => grain.RegisterGrainTimer(static (tick, cancellation) => tick(cancellation), callback, options);

        public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, GrainTimerCreationOptions options)
            => grain.RegisterGrainTimer(static (tick, _) => tick(), callback, options);

        public static IGrainTimer RegisterGrainTimer<TState>(
            this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, TimeSpan dueTime, TimeSpan period)
            => grain.RegisterGrainTimer(callback, state, new() { DueTime = dueTime, Period = period });

        public static IGrainTimer RegisterGrainTimer<TState>(
            this IGrainBase grain, Func<TState, Task> callback, TState state, TimeSpan dueTime, TimeSpan period)
            => grain.RegisterGrainTimer(callback, state, new() { DueTime = dueTime, Period = period });

        public static IGrainTimer RegisterGrainTimer(
            this IGrainBase grain, Func<CancellationToken, Task> callback, TimeSpan dueTime, TimeSpan period)
            => grain.RegisterGrainTimer(callback, new() { DueTime = dueTime, Period = period });

        public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, TimeSpan dueTime, TimeSpan period)
            => grain.RegisterGrainTimer(callback, new() { DueTime = dueTime, Period = period });
    }
}
