using OpenBitum.Tests.Hosting;

namespace OpenBitum.Conformance;

public sealed class ActivationTests : ConformanceTest
{
    [Theory, InEveryMode]
    public Task A_grain_is_active_before_its_first_call(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IActivationGrain>("a");

        Journal.Open("door");
        await Task.WhenAll(grain.Hold("door"), grain.Hold("door"));

        Assert.Equal(["activating", "active", "door held", "door held"], Journal.Entries);
    });

    [Theory, InEveryMode]
    public Task A_grain_keeps_what_is_in_its_memory_between_calls(string mode) => Run(mode, async host =>
    {
        Assert.Equal(1, await host.GrainFactory.GetGrain<IActivationGrain>("a").Calls());
        Assert.Equal(2, await host.GrainFactory.GetGrain<IActivationGrain>("a").Calls());
        Assert.Equal(1, await host.GrainFactory.GetGrain<IActivationGrain>("b").Calls());
    });

    [Theory, InEveryMode]
    public Task A_failing_activation_fails_the_calls_that_wait_and_the_next_call_tries_again(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IFailingGrain>("a");
        var calls = new[] { grain.Nothing(), grain.Nothing() };
        await Journal.Until("activating");
        Journal.Open("failure");

        foreach (var call in calls)
        {
            Assert.Equal("not yet", (await Assert.ThrowsAsync<RefusalException>(() => call)).Message);
        }

        await grain.Nothing();
        Assert.Equal(2, Journal.Count("activating"));
    });

    [Theory, InEveryMode]
    public Task An_idle_grain_is_collected_after_a_quarter_of_an_hour_and_not_before(string mode) => Run(mode, async host =>
    {
        Assert.SkipUnless(TestHost.IdlesByItsClock, "This engine measures idleness by a stopwatch.");
        var grain = host.GrainFactory.GetGrain<IActivationGrain>("a");
        await grain.Calls();

        await host.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(2, await grain.Calls());
        await host.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(3, await grain.Calls());
        await host.Advance(TimeSpan.FromMinutes(15) + host.CollectionSlack);

        await Journal.Until("deactivating: ActivationIdle");
        Assert.Equal(1, await grain.Calls());
    });

    [Theory, InEveryMode]
    public Task A_grain_with_a_running_call_is_not_idle(string mode) => Run(
        mode, options => options with { ResponseTimeout = TimeSpan.FromHours(2) }, async host =>
        {
            var grain = host.GrainFactory.GetGrain<IActivationGrain>("a");
            await grain.Calls();
            var held = grain.Hold("door");
            await Journal.Until("door held");

            await host.Advance(TimeSpan.FromHours(1));

            Journal.Open("door");
            await held;
            Assert.Equal(2, await grain.Calls());
        });

    [Theory, InEveryMode]
    public Task DelayDeactivation_keeps_an_idle_grain(string mode) => Run(mode, async host =>
    {
        Assert.SkipUnless(TestHost.IdlesByItsClock, "This engine measures idleness by a stopwatch.");
        var grain = host.GrainFactory.GetGrain<IActivationGrain>("a");
        await grain.Calls();
        await grain.Delay(TimeSpan.FromHours(1));

        await host.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(2, await grain.Calls());
        await host.Advance(TimeSpan.FromMinutes(25) + host.CollectionSlack);

        await Journal.Until("deactivating: ActivationIdle");
    });

    [Theory, InEveryMode]
    public Task A_delay_taken_back_is_a_delay_no_more(string mode) => Run(mode, async host =>
    {
        Assert.SkipUnless(TestHost.IdlesByItsClock, "This engine measures idleness by a stopwatch.");
        var grain = host.GrainFactory.GetGrain<IActivationGrain>("a");
        await grain.Delay(TimeSpan.FromHours(1));
        await host.Advance(TimeSpan.FromMinutes(16));
        await grain.Delay(TimeSpan.Zero);

        await host.Advance(TimeSpan.FromMinutes(15) + host.CollectionSlack);

        await Journal.Until("deactivating: ActivationIdle");
    });

    [Theory, InEveryMode]
    public Task A_class_that_is_kept_alive_is_never_idle(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IKeptGrain>("a");
        await grain.Calls();

        await host.Advance(TimeSpan.FromDays(2));

        Assert.Equal(2, await grain.Calls());
    });

    [Theory, InEveryMode]
    public Task DeactivateOnIdle_lets_the_running_call_end_and_the_next_gets_a_new_activation(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IActivationGrain>("a");
        await grain.Calls();
        var leave = grain.Leave("door");
        await Journal.Until("leaving");
        var next = grain.Calls();
        Journal.Open("door");

        await leave;

        Assert.Equal(1, await next);
        Assert.Equal(
            ["activating", "active", "leaving", "ended", "deactivating: ApplicationRequested", "deactivated", "activating", "active"],
            Journal.Entries);
    });

    [Theory, InEveryMode]
    public Task A_grain_is_never_in_memory_twice(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IActivationGrain>("slow to leave");
        await grain.Leave(null);
        await Journal.Until("deactivating: ApplicationRequested");

        var next = grain.Calls();
        await host.GrainFactory.GetGrain<ITurnGrain>("b").Overlaps(3);

        Assert.Equal(1, Journal.Count("activating"));
        Journal.Open("left");
        Assert.Equal(1, await next);
        Assert.True(Journal.Entries.ToList().LastIndexOf("activating") > Journal.Entries.ToList().IndexOf("deactivated"));
    });

    [Theory, InEveryMode]
    public Task An_orderly_stop_deactivates_every_grain(string mode) => Run(mode, async host =>
    {
        await host.GrainFactory.GetGrain<IActivationGrain>("a").Calls();
        await host.GrainFactory.GetGrain<IActivationGrain>("b").Calls();

        await host.Restart();

        Assert.Equal(2, Journal.Count("deactivating: ShuttingDown"));
        Assert.Equal(1, await host.GrainFactory.GetGrain<IActivationGrain>("a").Calls());
    });

    [Theory, InEveryMode]
    public Task A_kill_deactivates_nobody(string mode) => Run(mode, async host =>
    {
        Assert.SkipUnless(TestHost.KillsAtOnce, "Within one process this engine only stops in a hurry.");
        await host.GrainFactory.GetGrain<IActivationGrain>("a").Calls();

        await host.Kill();
        await host.Start();

        Assert.Equal(1, await host.GrainFactory.GetGrain<IActivationGrain>("a").Calls());
        Assert.Equal(0, Journal.Count("deactivated"));
    });

    [Theory, InEveryMode]
    public Task An_orderly_stop_lets_running_calls_end(string mode) => Run(mode, async host =>
    {
        var call = host.GrainFactory.GetGrain<IActivationGrain>("a").Leave("door");
        await Journal.Until("leaving");
        Journal.Open("door");

        await host.Restart();

        await call;
        Assert.Equal(1, Journal.Count("ended"));
    });
}
