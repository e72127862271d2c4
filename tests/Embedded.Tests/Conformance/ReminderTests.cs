namespace OpenBitum.Conformance;

public sealed class ReminderTests : ConformanceTest
{
    private static readonly TimeSpan minute = TimeSpan.FromMinutes(1);

    [Theory, InEveryMode]
    public Task Ticks_fall_at_start_plus_N_periods(string mode) => Run(mode, async host =>
    {
        await host.GrainFactory.GetGrain<IReminderGrain>("a").Register("tick", 5 * minute, 2 * minute);

        await Pass(host, 4, "tick", 0);
        await Pass(host, 1, "tick", 1);
        await Pass(host, 1, "tick", 1);
        await Pass(host, 1, "tick", 2);
        await Pass(host, 2, "tick", 3);

        Assert.Equal(["tick at 00:05", "tick at 00:07", "tick at 00:09"], Journal.Entries.Where(entry => entry.Contains(" at ")));
        Assert.Equal(3, Journal.Count("tick first 00:05, every 2 min"));
    });

    [Theory, InEveryMode]
    public Task A_due_time_of_zero_ticks_at_once(string mode) => Run(mode, async host =>
    {
        await host.GrainFactory.GetGrain<IReminderGrain>("a").Register("tick", TimeSpan.Zero, minute);

        await host.Settle();

        await Journal.Until("tick at 00:00");
    });

    [Theory, InEveryMode]
    public Task A_period_under_a_minute_is_refused(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IReminderGrain>("a");

        await Assert.ThrowsAsync<ArgumentException>(() => grain.Register("tick", TimeSpan.Zero, minute - TimeSpan.FromTicks(1)));
        await grain.Register("tick", TimeSpan.Zero, minute);

        Assert.Equal(["tick"], await grain.Names());
    });

    [Theory, InEveryMode]
    public Task The_minimum_period_can_be_set(string mode) => Run(
        mode, options => options with { MinimumReminderPeriod = TimeSpan.FromSeconds(1) }, async host =>
        {
            var grain = host.GrainFactory.GetGrain<IReminderGrain>("a");

            await grain.Register("tick", TimeSpan.Zero, TimeSpan.FromSeconds(1));

            Assert.True(await grain.Has("tick"));
        });

    [Theory, InEveryMode]
    public Task A_reminder_wakes_a_grain_that_is_not_in_memory(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IReminderGrain>("a");
        await grain.Register("tick", minute, minute);
        await grain.Leave();

        await Pass(host, 1, "tick", 1);
    });

    [Theory, InEveryMode]
    public Task A_reminder_survives_an_orderly_restart(string mode) => Run(mode, async host =>
    {
        await host.GrainFactory.GetGrain<IReminderGrain>("a").Register("tick", 5 * minute, 5 * minute);

        await host.Restart();

        await Pass(host, 5, "tick", 1);
    });

    [Theory, InEveryMode]
    public Task A_reminder_survives_a_kill(string mode) => Run(mode, async host =>
    {
        await host.GrainFactory.GetGrain<IReminderGrain>("a").Register("tick", 5 * minute, 5 * minute);
        await Pass(host, 6, "tick", 1);

        await host.Kill();
        await host.Start();

        await Pass(host, 4, "tick", 2);
    });

    [Theory, InEveryMode]
    public Task A_tick_missed_while_nobody_owned_the_reminder_waits_for_the_next_period(string mode) => Run(mode, async host =>
    {
        await host.GrainFactory.GetGrain<IReminderGrain>("a").Register("tick", 5 * minute, 5 * minute);
        await host.Kill();
        Clock.Advance(7 * minute);
        await host.Start();

        await Pass(host, 2, "tick", 0);
        await Pass(host, 1, "tick", 1);

        Assert.Equal(1, Journal.Count("tick at 00:10"));
    });

    [Theory, InEveryMode]
    public Task Registering_again_replaces_the_schedule(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IReminderGrain>("a");
        await grain.Register("tick", minute, minute);
        await grain.Register("tick", 10 * minute, minute);

        await Pass(host, 9, "tick", 0);
        await Pass(host, 1, "tick", 1);

        Assert.Equal(["tick"], await grain.Names());
    });

    [Theory, InEveryMode]
    public Task A_reminder_that_is_unregistered_ticks_no_more(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IReminderGrain>("a");
        await grain.Register("tick", minute, minute);
        await Pass(host, 1, "tick", 1);

        await grain.Unregister("tick");
        await grain.Unregister("tick");

        await Pass(host, 5, "tick", 1);
        Assert.False(await grain.Has("tick"));
        Assert.Empty(await grain.Names());
    });

    [Theory, InEveryMode]
    public Task A_stale_handle_is_refused(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IReminderGrain>("a");

        await Assert.ThrowsAsync<ReminderException>(() => grain.UnregisterWithStaleHandle("tick"));

        Assert.True(await grain.Has("tick"));
    });

    [Theory, InEveryMode]
    public Task A_failing_tick_waits_for_the_next_period(string mode) => Run(mode, async host =>
    {
        await host.GrainFactory.GetGrain<IReminderGrain>("a").Register("failing", minute, minute);

        await Pass(host, 1, "failing", 1);
        await Pass(host, 1, "failing", 2);
    });

    [Theory, InEveryMode]
    public Task Reminders_of_one_grain_and_of_many_do_not_mix(string mode) => Run(mode, async host =>
    {
        var first = host.GrainFactory.GetGrain<IReminderGrain>("a");
        await first.Register("one", minute, 10 * minute);
        await first.Register("two", 2 * minute, 10 * minute);
        await host.GrainFactory.GetGrain<IReminderGrain>("b").Register("one", 3 * minute, 10 * minute);

        Assert.Equal(["one", "two"], (await first.Names()).Order());
        await Pass(host, 1, "one", 1);
        await Pass(host, 1, "two", 1);
        await Pass(host, 1, "one", 2);
    });

    [Theory, InEveryMode]
    public Task Only_a_remindable_grain_may_register(string mode) => Run(
        mode, host => Assert.ThrowsAsync<InvalidOperationException>(() => host.GrainFactory.GetGrain<INoReminderGrain>("a").Register()));

    // Minute by minute, so that a reminder that is due within has fired before the next minute begins.
    private async Task Pass(Tests.Hosting.TestHost host, int minutes, string entry, int ticks)
    {
        for (var passed = 1; passed <= minutes; passed++)
        {
            await host.Advance(minute);
            await host.Settle();
        }

        await Journal.Until(entry, ticks);
        Assert.Equal(ticks, Journal.Count(entry));
    }
}
