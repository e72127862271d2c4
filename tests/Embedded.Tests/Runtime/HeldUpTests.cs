using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Tests.Hosting;
using Orleans.Timers;

namespace OpenBitum.Runtime;

/// <summary>What holds though a thread was stopped between two steps of the engine; stepped, so that nothing else moves meanwhile.</summary>
public sealed class HeldUpTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public async Task A_time_of_day_is_one_timestamp_though_the_clock_moves_between_its_readings()
    {
        var slow = new HeldUpClock(clock);
        await TestHost.Run(new() { Clock = slow, Seed = 1 }, host =>
        {
            var engine = host.Services.GetRequiredService<GrainEngine>();
            var due = engine.At(clock.GetUtcNow() + TimeSpan.FromMinutes(1));

            slow.Before(HeldUpClock.Point.TakingTheTimestamp, () => clock.Advance(TimeSpan.FromSeconds(5)));

            Assert.Equal(due, engine.At(clock.GetUtcNow() + TimeSpan.FromMinutes(1)));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task A_timer_that_is_moved_in_the_moment_it_becomes_due_ticks_at_its_new_time_only()
    {
        var shown = new ShownTimer();
        await TestHost.Run(new() { Clock = clock, Seed = 1, Services = services => services.AddSingleton(shown) }, async host =>
        {
            var grain = host.GrainFactory.GetGrain<IShowingGrain>("a");
            await grain.Begin(TimeSpan.FromSeconds(1));
            var first = clock.GetTimestamp() + TimeSpan.TicksPerSecond;
            await grain.Change(TimeSpan.FromSeconds(5));

            // The thread that had taken it out of the queue at its first time was held up until now.
            ((IDueItem)shown.Timer!).OnDue(first);
            await host.Advance(TimeSpan.FromSeconds(4));
            Assert.Equal(0, await grain.Ticks());
            await host.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, await grain.Ticks());

            // Nor does it tick twice when that thread comes after the tick.
            ((IDueItem)shown.Timer!).OnDue(clock.GetTimestamp());
            Assert.Equal(1, await grain.Ticks());
        });
    }
}
