using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Conformance;
using OpenBitum.Tests.Hosting;
using Orleans.Stepped;

namespace OpenBitum.Runtime;

public sealed class SteppedTests
{
    [Theory, InlineData(1UL, false), InlineData(7UL, true), InlineData(ulong.MaxValue, false)]
    public async Task The_same_seed_gives_the_same_order(ulong seed, bool onDisk)
        => Assert.Equal(await OrderOf(seed, onDisk), await OrderOf(seed, onDisk));

    [Fact]
    public async Task Other_seeds_find_other_orders()
    {
        var orders = new HashSet<string>();
        for (var seed = 1UL; seed <= 10; seed++)
        {
            orders.Add(await OrderOf(seed, onDisk: false));
        }

        Assert.True(orders.Count >= 8, $"Ten seeds found {orders.Count} orders.");
    }

    [Fact]
    public void Nothing_ready_is_no_step()
    {
        var engine = new SteppedEngine(1, () => null, _ => { });

        Assert.False(engine.Step());
        engine.RunUntilIdle();

        Assert.Equal(0, engine.Steps);
    }

    [Fact]
    public void Every_piece_of_work_is_one_step_and_a_lane_keeps_its_order()
    {
        var engine = new SteppedEngine(3, () => null, _ => { });
        var seen = new List<string>();
        using var lane = engine.OpenLane("disk");
        for (var number = 0; number < 4; number++)
        {
            var text = $"{number}";
            lane.Post(new Work(() => seen.Add($"lane {text}")));
            engine.Schedule(new Work(() => seen.Add($"work {text}")));
        }

        Assert.True(engine.Step());
        Assert.Single(seen);
        engine.RunUntilIdle();

        Assert.Equal(8, engine.Steps);
        Assert.Equal(["lane 0", "lane 1", "lane 2", "lane 3"], seen.Where(entry => entry.StartsWith("lane", StringComparison.Ordinal)));
        Assert.Equal(4, seen.Count(entry => entry.StartsWith("work", StringComparison.Ordinal)));
    }

    [Fact]
    public void AdvanceTo_stops_at_every_timer_on_its_way()
    {
        var clock = new ManualClock();
        var engine = new SteppedEngine(1, () => clock.NextDue, clock.AdvanceTo);
        var start = clock.GetUtcNow();
        var seen = new List<TimeSpan>();
        using var timer = clock.CreateTimer(
            _ => engine.Schedule(new Work(() => seen.Add(clock.GetUtcNow() - start))), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        engine.AdvanceTo(start + TimeSpan.FromSeconds(3.5));

        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)], seen);
        Assert.Equal(start + TimeSpan.FromSeconds(3.5), clock.GetUtcNow());
    }

    [Fact]
    public async Task An_hour_of_a_stepped_host_has_every_tick_in_it()
    {
        var journal = new Journal();
        var options = new TestHostOptions { Clock = new ManualClock(), Seed = 1, Services = services => services.AddSingleton(journal) };
        await TestHost.Run(options, async host =>
        {
            await host.GrainFactory.GetGrain<ITimerGrain>("a").Begin("tick", TimeSpan.Zero, TimeSpan.FromSeconds(1), TickKind.KeepingAlive);
            await host.GrainFactory.GetGrain<IReminderGrain>("a").Register("reminder", TimeSpan.Zero, TimeSpan.FromMinutes(1));

            await host.Advance(TimeSpan.FromHours(1));

            Assert.Equal(3_601, journal.Count("tick"));
            Assert.Equal(61, journal.Count("reminder"));
        });
    }

    [Fact]
    public void A_test_that_fails_in_the_stepped_mode_fails()
    {
        var engine = new SteppedEngine(1, () => null, _ => { });

        Assert.Throws<RefusalException>(() => engine.Run(async () =>
        {
            await Task.Yield();
            throw new RefusalException("seen");
        }));
    }

    // Which of many grains runs next is the seed's choice, so the whole journal is the order.
    private static async Task<string> OrderOf(ulong seed, bool onDisk)
    {
        var journal = new Journal();
        var options = new TestHostOptions
        {
            Clock = new ManualClock(),
            Seed = seed,
            OnDisk = onDisk,
            Services = services => services.AddSingleton(journal),
        };
        await TestHost.Run(options, async host =>
        {
            var busy = Enumerable.Range(0, 6).Select(number => host.GrainFactory.GetGrain<IBusyGrain>($"{number}").Enter($"{number}"));
            var writes = Enumerable.Range(0, 4).Select(async number =>
            {
                await host.GrainFactory.GetGrain<IAccountGrain>($"{number}").Add(1);
                journal.Write($"written {number}");
            });
            await Task.WhenAll(busy.Concat(writes));
        });
        return string.Join(" ", journal.Entries);
    }

    private sealed class Work(Action run) : IThreadPoolWorkItem
    {
        public void Execute() => run();
    }
}
