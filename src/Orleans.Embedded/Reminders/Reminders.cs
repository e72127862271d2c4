namespace Orleans.Runtime
{
    /// <summary>A registration that outlives the activation and the process.</summary>
    public interface IGrainReminder
    {
        string ReminderName { get; }
    }

    [GenerateSerializer, Immutable]
    public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        [Id(0)] public DateTime FirstTickTime { get; } = firstTickTime;

        [Id(1)] public TimeSpan Period { get; } = period;

        [Id(2)] public DateTime CurrentTickTime { get; } = timeStamp;
    }

    public sealed class ReminderException(string message) : OrleansException(message);
}

namespace Orleans
{
    using Orleans.Reminders;
    using Orleans.Runtime;
    using Orleans.Turns;

    /// <summary>A grain that reminders may wake.</summary>
    public interface IRemindable : IGrain
    {
        Task ReceiveReminder(string reminderName, TickStatus status);
    }

    /// <summary>Callable in a turn of the grain only.</summary>
    public static class GrainReminderExtensions
    {
        /// <summary>
        /// Wakes the grain at now + <paramref name="dueTime"/> and every <paramref name="period"/> after it, whether it is
        /// in memory or not, until it is unregistered. Durable when the task has ended.
        /// </summary>
        /// <exception cref="ArgumentException">The period is under the minimum, one minute by default.</exception>
        public static Task<IGrainReminder> RegisterOrUpdateReminder(
            this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
        {
            var (service, grainId) = ServiceOf(grain, reminderName);
            return grain is IRemindable
                ? service.RegisterOrUpdate(grainId, reminderName, dueTime, period)
                : throw new InvalidOperationException(
                    $"Grain {grainId} is not '{nameof(IRemindable)}'. "
                    + $"A grain should implement {nameof(IRemindable)} to use the persistent reminder service");
        }

        /// <exception cref="ReminderException">The handle is stale: the reminder was registered anew since.</exception>
        public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder)
        {
            ArgumentNullException.ThrowIfNull(reminder);
            var (service, grainId) = ServiceOf(grain, reminder.ReminderName);
            return service.Unregister(grainId, reminder);
        }

        /// <summary>The reminder of this name, or null.</summary>
        public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName)
        {
            var (service, grainId) = ServiceOf(grain, reminderName);
            return service.Get(grainId, reminderName);
        }

        public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain)
        {
            var (service, grainId) = ServiceOf(grain, "any");
            return service.GetAll(grainId);
        }

        private static (ReminderService Service, GrainId GrainId) ServiceOf(IGrainBase grain, string reminderName)
        {
            ArgumentNullException.ThrowIfNull(grain);
            ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
            var activation = (Activation)grain.GrainContext;
            activation.CheckTurn();
            return (activation.Engine.Reminders, activation.GrainId);
        }
    }
}
