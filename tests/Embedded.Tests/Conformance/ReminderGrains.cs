namespace OpenBitum.Conformance;

public interface IReminderGrain : IGrainWithStringKey
{
    Task Register(string name, TimeSpan due, TimeSpan period);

    Task Unregister(string name);

    Task UnregisterWithStaleHandle(string name);

    Task<string[]> Names();

    Task<bool> Has(string name);

    Task Leave();
}

public interface INoReminderGrain : IGrainWithStringKey
{
    Task Register();
}

public sealed class ReminderGrain(Journal journal, TimeProvider clock) : Grain, IReminderGrain, IRemindable
{
    public Task Register(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task Unregister(string name)
    {
        if (await this.GetReminder(name) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    public async Task UnregisterWithStaleHandle(string name)
    {
        var stale = await this.RegisterOrUpdateReminder(name, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await this.RegisterOrUpdateReminder(name, TimeSpan.FromHours(2), TimeSpan.FromHours(2));
        await this.UnregisterReminder(stale);
    }

    public async Task<string[]> Names() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public async Task<bool> Has(string name) => await this.GetReminder(name) is not null;

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        journal.Write(reminderName);
        journal.Write($"{reminderName} at {clock.GetUtcNow():HH:mm}");
        journal.Write($"{reminderName} first {status.FirstTickTime:HH:mm}, every {status.Period.TotalMinutes} min");
        return reminderName == "failing" ? throw new RefusalException("not now") : Task.CompletedTask;
    }
}

public sealed class NoReminderGrain : Grain, INoReminderGrain
{
    public Task Register() => this.RegisterOrUpdateReminder("any", TimeSpan.Zero, TimeSpan.FromMinutes(1));
}
