namespace Orleans.Runtime
{
    /// <summary>A registration that outlives the activation and the process.</summary>
    public interface IGrainReminder
    {
        string ReminderName { get; }
    }

    public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        public DateTime FirstTickTime { get; } = firstTickTime;

        public TimeSpan Period { get; } = period;

        public DateTime CurrentTickTime { get; } = timeStamp;
    }

    public sealed class ReminderException(string message) : OrleansException(message);
}

namespace Orleans
{
    using Orleans.Runtime;

    /// <summary>A grain that reminders may wake.</summary>
    public interface IRemindable : IGrain
    {
        Task ReceiveReminder(string reminderName, TickStatus status);
    }

    public static class GrainReminderExtensions
    {
        public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
            => throw new InvalidOperationException();

        public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) => throw new InvalidOperationException();

        public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName) => throw new InvalidOperationException();

        public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) => throw new InvalidOperationException();
    }
}
