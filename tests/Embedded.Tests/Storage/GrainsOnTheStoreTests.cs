using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Tests.Hosting;
using Orleans.Storage;
using Xunit;

namespace OpenBitum.Storage;

public interface ITallyGrain : IGrainWithStringKey, IRemindable
{
    Task<int> Add(int number);

    Task<string> Remind();

    Task<IReadOnlyList<string>> Reminders();
}

public sealed class TallyGrain([PersistentState("storage-tests.tally", "grains")] IPersistentState<Tally> record)
    : Grain, ITallyGrain
{
    public async Task<int> Add(int number)
    {
        record.State = new Tally { Sum = record.State.Sum + number };
        await record.WriteStateAsync();
        return record.State.Sum;
    }

    public async Task<string> Remind()
        => (await this.RegisterOrUpdateReminder("later", TimeSpan.FromHours(1), TimeSpan.FromHours(1))).ReminderName;

    public async Task<IReadOnlyList<string>> Reminders()
        => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}

public sealed record Tally
{
    public int Sum { get; init; }
}

public sealed class GrainsOnTheStoreTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(1ul)]
    [InlineData(2ul)]
    public async Task Records_and_reminders_of_grains_survive_a_kill_on_threads_and_in_steps(ulong? seed)
    {
        await using var fixture = new StoreFixture();
        var options = new TestHostOptions
        {
            Clock = new ManualClock(),
            Seed = seed,
            Services = services => services.AddLogging(),
            Silo = silo => silo.UseEmbeddedStore(store => store.DataDirectory = fixture.DataDirectory),
        };

        await TestHost.Run(options, async host =>
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Tally(host, number % 4).Add(number)));
            Assert.Equal("later", await Tally(host, 0).Remind());

            await host.Kill();
            await host.Start();

            var sums = await Task.WhenAll(Enumerable.Range(0, 4).Select(key => Tally(host, key).Add(0)));
            Assert.Equal([40, 45, 50, 55], sums);
            Assert.Equal(["later"], await Tally(host, 0).Reminders());
            await host.Kill();
        });
    }

    [Fact]
    public async Task Grains_share_commits()
    {
        await using var fixture = new StoreFixture();
        var options = new TestHostOptions
        {
            Seed = 1,
            Clock = new ManualClock(),
            Services = services => services.AddLogging(),
            Silo = silo => silo.UseEmbeddedStore(store => store.DataDirectory = fixture.DataDirectory),
        };

        await TestHost.Run(options, async host =>
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(key => Tally(host, key).Add(1)));

            var store = host.Services.GetRequiredService<EmbeddedStore>();
            Assert.InRange(store.Commits, 1, 99);
            await host.Kill();
        });
    }

    private static ITallyGrain Tally(TestHost host, int key) => host.GrainFactory.GetGrain<ITallyGrain>($"tally/{key}");
}
