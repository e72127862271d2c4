using OpenBitum.Tests.Hosting;

namespace OpenBitum.Conformance;

public sealed class TimerTests : ConformanceTest
{
    private static readonly TimeSpan second = TimeSpan.FromSeconds(1);

    [Theory, InEveryMode]
    public Task A_timer_ticks_at_its_due_time_and_then_every_period(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITimerGrain>("a");
        await grain.Begin("tick", 5 * second, 2 * second, TickKind.Plain);

        await host.Advance(5 * second - TimeSpan.FromMilliseconds(1));
        await grain.Calls();
        Assert.Equal(0, Journal.Count("tick"));
        await host.Advance(TimeSpan.FromMilliseconds(1));
        await Journal.Until("tick");
        await grain.Calls();
        await host.Advance(2 * second - TimeSpan.FromMilliseconds(1));
        await grain.Calls();
        Assert.Equal(1, Journal.Count("tick"));
        await host.Advance(TimeSpan.FromMilliseconds(1));
        await Journal.Until("tick", 2);
    });

    [Theory, InEveryMode]
    public Task An_infinite_period_ticks_once(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITimerGrain>("a");
        await grain.Begin("tick", TimeSpan.Zero, Timeout.InfiniteTimeSpan, TickKind.Plain);
        await host.Advance(TimeSpan.Zero);
        await Journal.Until("tick");

        await host.Advance(TimeSpan.FromMinutes(5));
        await grain.Calls();

        Assert.Equal(1, Journal.Count("tick"));
    });

    [Theory, InEveryMode]
    public Task Ticks_of_a_timer_never_overlap(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITimerGrain>("a");
        await grain.Begin("tick", second, second, TickKind.Held | TickKind.Interleaving);
        await host.Advance(second);
        await Journal.Until("tick");

        await host.Advance(10 * second);
        await grain.Calls();

        Assert.Equal(1, Journal.Count("tick"));
        Journal.Open("tick");
        await Journal.Until("tick ended, cancelled: False");
        await grain.Calls();
        await host.Advance(second);
        await Journal.Until("tick", 2);
    });

    [Theory, InEveryMode]
    public Task A_change_while_a_tick_waits_for_its_turn_counts_once_it_has_run(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITimerGrain>("a");
        await grain.Begin("tick", second, Timeout.InfiniteTimeSpan, TickKind.Plain);
        var held = grain.Hold("door");
        await Journal.Until("door held");
        await host.Advance(second);

        await grain.ChangeBeside(5 * second, Timeout.InfiniteTimeSpan);
        Journal.Open("door");
        await held;
        await Journal.Until("tick");
        await grain.Calls();
        await host.Advance(5 * second);

        await Journal.Until("tick", 2);
    });

    [Theory, InEveryMode]
    public Task A_tick_waits_for_the_running_call_and_calls_wait_for_it(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITimerGrain>("a");
        await grain.Begin("tick", second, second, TickKind.Held);
        var held = grain.Hold("door");
        await Journal.Until("door held");

        await host.Advance(second);
        await host.GrainFactory.GetGrain<ITurnGrain>("b").Overlaps(3);
        Assert.Equal(["door held"], Journal.Entries);

        Journal.Open("door");
        await held;
        await Journal.Until("tick");
        var late = grain.Calls();
        await host.GrainFactory.GetGrain<ITurnGrain>("b").Overlaps(3);
        Assert.False(late.IsCompleted);
        Journal.Open("tick");
        await late;
    });

    [Theory, InEveryMode]
    public Task An_interleaving_tick_starts_beside_the_running_call(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITimerGrain>("a");
        await grain.Begin("tick", second, second, TickKind.Interleaving);
        var held = grain.Hold("door");
        await Journal.Until("door held");

        await host.Advance(second);

        await Journal.Until("tick");
        Journal.Open("door");
        await held;
    });

    [Theory, InEveryMode]
    public Task A_failing_tick_does_not_stop_the_timer(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITimerGrain>("a");
        await grain.Begin("tick", second, second, TickKind.Failing);

        for (var ticks = 1; ticks <= 3; ticks++)
        {
            await host.Advance(second);
            await Journal.Until("tick", ticks);
            Assert.Equal(ticks, await grain.Calls());
        }
    });

    [Theory, InEveryMode]
    public Task A_timer_does_not_keep_its_grain_alive(string mode) => Run(mode, async host =>
    {
        Assert.SkipUnless(TestHost.IdlesByItsClock, "This engine measures idleness by a stopwatch.");
        var grain = host.GrainFactory.GetGrain<ITimerGrain>("a");
        await grain.Calls();
        await grain.Begin("tick", TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(4), TickKind.Plain);

        for (var ticks = 1; ticks <= 3; ticks++)
        {
            await host.Advance(TimeSpan.FromMinutes(4));
            await Journal.Until("tick", ticks);
            // The next tick is set when this one has ended: the clock must not move in between.
            await host.Rest();
        }

        await host.Advance(TimeSpan.FromMinutes(3) + host.CollectionSlack);
        Assert.Equal(1, await grain.Calls());
        await host.Advance(TimeSpan.FromMinutes(4));
        await grain.Calls();
        Assert.Equal(3, Journal.Count("tick"));
    });

    [Theory, InEveryMode]
    public Task A_timer_that_asks_to_keeps_its_grain_alive(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITimerGrain>("a");
        await grain.Calls();
        await grain.Begin("tick", TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(4), TickKind.KeepingAlive);

        for (var ticks = 1; ticks <= 6; ticks++)
        {
            await host.Advance(TimeSpan.FromMinutes(4));
            await Journal.Until("tick", ticks);
            await host.Rest();
        }

        Assert.Equal(2, await grain.Calls());
    });

    [Theory, InEveryMode]
    public Task Change_moves_the_next_tick_and_the_period(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITimerGrain>("a");
        await grain.Begin("tick", second, second, TickKind.Plain);
        await grain.Change(10 * second, 3 * second);

        await host.Advance(9 * second);
        await grain.Calls();
        Assert.Equal(0, Journal.Count("tick"));
        await host.Advance(second);
        await Journal.Until("tick");
        await grain.Calls();
        await host.Advance(3 * second);
        await Journal.Until("tick", 2);
    });

    [Theory, InEveryMode]
    public Task A_timer_that_is_disposed_ticks_no_more(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITimerGrain>("a");
        await grain.Begin("tick", second, second, TickKind.Plain);
        await grain.End();

        await host.Advance(5 * second);
        await grain.Calls();

        Assert.Equal(0, Journal.Count("tick"));
    });

    [Theory, InEveryMode]
    public Task Disposing_a_timer_cancels_the_token_of_its_running_tick(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITimerGrain>("a");
        await grain.Begin("tick", second, second, TickKind.Held | TickKind.Interleaving);
        await host.Advance(second);
        await Journal.Until("tick");

        await grain.End();
        Journal.Open("tick");

        await Journal.Until("tick ended, cancelled: True");
    });

    [Theory, InEveryMode]
    public Task Each_way_to_register_a_timer_ticks(string mode) => Run(mode, async host =>
    {
        await host.GrainFactory.GetGrain<ITimerGrain>("a").BeginWithEachOverload(second);

        await host.Advance(second);

        foreach (var entry in new[] { "1", "2", "3", "4", "5", "6", "7", "8" })
        {
            await Journal.Until(entry);
        }
    });

    [Theory, InEveryMode]
    public Task A_timer_is_registered_in_a_turn_of_its_grain_only(string mode) => Run(
        mode, host => Assert.ThrowsAnyAsync<InvalidOperationException>(
            () => host.GrainFactory.GetGrain<ITimerGrain>("a").BeginFromOutside()));
}
