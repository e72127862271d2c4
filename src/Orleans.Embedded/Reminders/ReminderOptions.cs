namespace Orleans.Hosting;

public sealed class ReminderOptions
{
    /// <summary>A registration with a shorter period is refused.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);
}
