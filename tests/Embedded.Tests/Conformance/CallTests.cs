namespace OpenBitum.Conformance;

public sealed class CallTests : ConformanceTest
{
    [Theory, InEveryMode]
    public Task Each_of_the_four_return_types_comes_back(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ICallGrain>("a");

        await grain.Nothing();
        await grain.NothingSoon();
        Assert.Equal(42, await grain.Double(21));
        Assert.Equal(new Greeting("hello", 3), await grain.Echo(new Greeting("hello", 3)));
        Assert.Equal(1 + 2 + 3 + 4 + 1, await grain.Many(1, "ab", new Greeting("", 3), 4, true));
    });

    [Theory, InEveryMode]
    public Task An_exception_crosses_the_call_with_its_type_and_message(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ICallGrain>("a");
        foreach (var call in new Func<Task>[]
        {
            () => grain.ThrowAtOnce("no"),
            () => grain.ThrowLater("no"),
            () => grain.ThrowInstead("no"),
            () => grain.ThrowFromValueTask("no").AsTask(),
        })
        {
            Assert.Equal("no", (await Assert.ThrowsAsync<RefusalException>(call)).Message);
        }

        await grain.Nothing();
    });

    [Theory, InEveryMode]
    public Task A_call_past_its_deadline_throws_and_the_callee_keeps_running(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ICallGrain>("a");
        var call = grain.Hold("door");
        await Journal.Until("door held");

        await host.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(0, Journal.Count("door passed"));
        Journal.Open("door");
        await Journal.Until("door passed");
        await grain.Nothing();
        Assert.Equal(1, Journal.Count("door held"));
    });

    [Theory, InEveryMode]
    public Task A_call_within_its_deadline_is_not_given_up(string mode) => Run(mode, async host =>
    {
        var call = host.GrainFactory.GetGrain<ICallGrain>("a").Hold("door");
        await Journal.Until("door held");

        await host.Advance(TimeSpan.FromSeconds(1));

        Assert.False(call.IsCompleted);
        Journal.Open("door");
        await call;
    });

    [Theory, InEveryMode]
    public Task The_default_deadline_holds_where_the_method_names_none(string mode) => Run(
        mode, options => options with { ResponseTimeout = TimeSpan.FromSeconds(3) }, async host =>
        {
            var call = host.GrainFactory.GetGrain<ICallGrain>("a").HoldByDefault("door");
            await Journal.Until("door held");

            await host.Advance(TimeSpan.FromSeconds(2));
            Assert.False(call.IsCompleted);
            await host.Advance(TimeSpan.FromSeconds(1));

            await Assert.ThrowsAsync<TimeoutException>(() => call);
            Journal.Open("door");
        });

    [Theory, InEveryMode]
    public Task A_circle_of_calls_is_not_detected_but_times_out(string mode) => Run(
        mode, options => options with { ResponseTimeout = TimeSpan.FromSeconds(3) }, async host =>
        {
            var call = host.GrainFactory.GetGrain<ICallGrain>("a").AskAndWait("b", "never");

            // The call back to a waits behind the call that waits for it.
            await Journal.Until("calling back");
            await host.Advance(TimeSpan.FromSeconds(3));

            await Assert.ThrowsAsync<TimeoutException>(() => call);
            await host.GrainFactory.GetGrain<ICallGrain>("a").Nothing();
        });

    [Theory, InEveryMode]
    public Task The_caller_of_a_one_way_method_hears_nothing(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ICallGrain>("a");

        await grain.Tell("told");
        await grain.TellAndThrow("thrown");

        await Journal.Until("told");
        await Journal.Until("thrown");
    });

    [Theory, InEveryMode]
    public Task A_one_way_call_does_not_wait_for_its_turn(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ICallGrain>("a");
        var held = grain.HoldByDefault("door");
        await Journal.Until("door held");

        await grain.Tell("told");

        Assert.Equal(0, Journal.Count("told"));
        Journal.Open("door");
        await held;
        await Journal.Until("told");
    });

    [Theory, InEveryMode]
    public Task Cancellation_crosses_the_call_and_frees_the_caller(string mode) => Run(mode, async host =>
    {
        using var cancellation = new CancellationTokenSource();
        var call = host.GrainFactory.GetGrain<ICallGrain>("a").HoldWith("door", cancellation.Token);
        await Journal.Until("door held");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Journal.Until("door cancelled");
    });

    [Theory, InEveryMode]
    public Task What_a_grain_registers_with_the_token_runs_in_its_turn(string mode) => Run(mode, async host =>
    {
        using var cancellation = new CancellationTokenSource();
        var call = host.GrainFactory.GetGrain<ICallGrain>("a").RegisterWith(cancellation.Token);
        await Journal.Until("registered");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Journal.Until("registered callback in turn: True");
    });

    [Theory, InEveryMode]
    public Task A_call_that_is_cancelled_before_it_is_sent_never_starts(string mode) => Run(mode, async host =>
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        var grain = host.GrainFactory.GetGrain<ICallGrain>("a");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grain.HoldWith("door", cancellation.Token));

        await grain.Nothing();
        Assert.Equal(0, Journal.Count("door held"));
    });

    [Theory, InEveryMode]
    public Task A_call_that_is_cancelled_while_it_waits_frees_its_caller(string mode) => Run(mode, async host =>
    {
        using var cancellation = new CancellationTokenSource();
        var grain = host.GrainFactory.GetGrain<ICallGrain>("a");
        var running = grain.HoldByDefault("first");
        await Journal.Until("first held");
        var waiting = grain.HoldWith("second", cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Journal.Open("first");
        await running;
        await grain.Nothing();
    });

    [Theory, InEveryMode]
    public Task A_token_that_nobody_cancels_does_no_harm(string mode) => Run(mode, async host =>
    {
        using var cancellation = new CancellationTokenSource();
        var call = host.GrainFactory.GetGrain<ICallGrain>("a").HoldWith("door", cancellation.Token);

        Journal.Open("door");

        await call;
        Assert.Equal(0, Journal.Count("door cancelled"));
    });
}
