using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Conformance;
using OpenBitum.Tests.Hosting;
using Orleans.Reminders;

namespace OpenBitum.Runtime;

public sealed class MemoryTests
{
    private readonly ManualClock clock = new();
    private readonly Journal journal = new();

    [Fact]
    public async Task Idle_grains_leave_nothing_behind()
    {
        await using var host = await Start();
        var engine = host.Services.GetRequiredService<GrainEngine>();
        for (var wave = 0; wave < 3; wave++)
        {
            await Task.WhenAll(Enumerable.Range(0, 5_000).Select(number => host.GrainFactory.GetGrain<ICallGrain>($"{wave}/{number}").Nothing()));
            Assert.Equal(5_000, engine.GrainFactory.ClassOf("call").Activations.Count());

            clock.Advance(TimeSpan.FromMinutes(16));
            await Task.WhenAll(engine.GrainFactory.ClassOf("call").Activations.Select(activation => activation.WhenGone()));

            Assert.Empty(engine.GrainFactory.ClassOf("call").Activations);
            Assert.InRange(engine.Due.Count, 0, 1);
        }
    }

    [Fact]
    public async Task Stateless_workers_leave_nothing_behind()
    {
        await using var host = await Start();
        var engine = host.Services.GetRequiredService<GrainEngine>();
        journal.Open("work");
        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => host.GrainFactory.GetGrain<IWorkerGrain>($"{number % 10}").Work("work")));

        clock.Advance(TimeSpan.FromMinutes(16));
        await Task.WhenAll(engine.GrainFactory.ClassOf("worker").Activations.Select(activation => activation.WhenGone()));

        Assert.Empty(engine.GrainFactory.ClassOf("worker").Activations);
        await host.GrainFactory.GetGrain<IWorkerGrain>("1").Work("work");
    }

    [Fact]
    public async Task A_call_leaves_no_timer_behind()
    {
        await using var host = await Start();
        var engine = host.Services.GetRequiredService<GrainEngine>();
        var grain = host.GrainFactory.GetGrain<ICallGrain>("a");
        for (var call = 0; call < 1_000; call++)
        {
            await grain.Nothing();
        }

        // One entry for the grain, one for the reader of reminders.
        Assert.InRange(engine.Due.Count, 1, 2);
    }

    [Fact]
    public async Task Only_the_reminders_of_the_next_window_are_in_memory()
    {
        const int Reminders = 3_000;
        var table = new InMemoryReminderTable();
        var start = clock.GetUtcNow();
        for (var number = 0; number < Reminders; number++)
        {
            var due = start + (TimeSpan.FromHours(1) * (number + 1) / Reminders);
            await table.Upsert(new(new("reminder", $"{number}"), "tick", due, TimeSpan.FromHours(2), due, null));
        }

        await using var host = await TestHost.Start(new()
        {
            Clock = clock,
            Services = services => services.AddSingleton(journal),
            Silo = silo =>
            {
                silo.Services.AddSingleton<IReminderTable>(table);
                silo.Configure<EmbeddedGrainOptions>(options => options.ReminderPage = 40);
            },
        });
        var service = host.Services.GetRequiredService<GrainEngine>().Reminders;
        var most = 0;
        for (var second = 0; second < 3_600; second += 10)
        {
            await host.Settle();
            most = Math.Max(most, service.Loaded);
            await host.Advance(TimeSpan.FromSeconds(10));
        }

        await host.Settle();
        Assert.Equal(Reminders, journal.Count("tick"));

        // Fifty are due in a minute; those that have fired stay until the table knows their next time.
        Assert.InRange(most, 1, 200);
    }

    private Task<TestHost> Start() => TestHost.Start(new() { Clock = clock, Services = services => services.AddSingleton(journal) });
}
