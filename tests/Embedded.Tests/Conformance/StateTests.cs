using Orleans.Storage;

namespace OpenBitum.Conformance;

public sealed class StateTests : ConformanceTest
{
    private static readonly AccountView empty = new(0, false, false);

    [Theory, InEveryMode]
    public Task A_grain_without_a_record_has_a_new_state(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IAccountGrain>("a");

        Assert.Equal(empty, await grain.View());
        Assert.Equal(empty, await grain.SeenWhileActivating());
    });

    [Theory, InEveryMode]
    public Task State_is_loaded_before_the_grain_activates(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IAccountGrain>("a");
        await grain.Add(5);
        await grain.Leave();

        Assert.Equal(new AccountView(5, true, true), await grain.SeenWhileActivating());
        Assert.Equal(2, Journal.Count("activating"));
    });

    [Theory, InEveryMode]
    public Task What_was_written_survives_a_restart_and_a_kill(string mode) => Run(mode, async host =>
    {
        await host.GrainFactory.GetGrain<IAccountGrain>("a").Add(5);
        await host.Restart();
        await host.GrainFactory.GetGrain<IAccountGrain>("a").Add(6);
        await host.Kill();
        await host.Start();

        Assert.Equal(11, (await host.GrainFactory.GetGrain<IAccountGrain>("a").View()).Balance);
    });

    [Theory, InEveryMode]
    public Task What_was_not_written_does_not(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IAccountGrain>("a");
        await grain.Add(5);
        await grain.AddWithoutWriting(7);
        Assert.Equal(12, (await grain.View()).Balance);

        await grain.Leave();

        Assert.Equal(5, (await grain.View()).Balance);
    });

    [Theory, InEveryMode]
    public Task Reading_takes_the_record_over_what_is_in_memory(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IAccountGrain>("a");
        await grain.Add(5);
        await grain.AddWithoutWriting(7);

        await grain.Read();

        Assert.Equal(5, (await grain.View()).Balance);
    });

    [Theory, InEveryMode]
    public Task Clearing_leaves_a_new_state_and_no_record(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IAccountGrain>("a");
        await grain.Add(5);

        await grain.Clear();

        Assert.Equal(empty with { HasEtag = (await grain.View()).HasEtag }, await grain.View());
        await grain.Add(1);
        await grain.Leave();
        Assert.Equal(new AccountView(1, true, true), await grain.View());
    });

    [Theory, InEveryMode]
    public Task A_stale_ETag_is_refused_and_drops_the_activation(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IAccountGrain>("a");
        await grain.Add(5);
        await host.GrainFactory.GetGrain<IIntruderGrain>("a").Add(100);

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Add(1));

        Assert.Equal(new AccountView(105, true, true), await grain.View());
        Assert.Equal(2, Journal.Count("activating"));
        await grain.Add(1);
        Assert.Equal(106, (await grain.View()).Balance);
    });

    [Theory, InEveryMode]
    public Task A_first_write_does_not_overwrite_a_record_that_appeared(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IAccountGrain>("a");
        await grain.View();
        await host.GrainFactory.GetGrain<IIntruderGrain>("a").Add(100);

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Add(1));

        Assert.Equal(100, (await grain.View()).Balance);
    });

    [Theory, InEveryMode]
    public Task A_refusal_that_the_grain_handles_leaves_it_in_memory_as_it_is(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IAccountGrain>("a");
        await grain.Add(5);
        await host.GrainFactory.GetGrain<IIntruderGrain>("a").Add(100);

        Assert.Equal("refused with 6 in memory", await grain.TryAdd(1));

        Assert.Equal(6, (await grain.View()).Balance);
        Assert.Equal(1, Journal.Count("activating"));
    });

    [Theory, InEveryMode]
    public Task A_refusal_drops_the_grain_whose_record_it_was_and_not_its_caller(string mode) => Run(mode, async host =>
    {
        var caller = host.GrainFactory.GetGrain<IAccountGrain>("caller");
        await caller.AddWithoutWriting(3);
        var grain = host.GrainFactory.GetGrain<IAccountGrain>("a");
        await grain.Add(5);
        await host.GrainFactory.GetGrain<IIntruderGrain>("a").Add(100);

        await Assert.ThrowsAsync<InconsistentStateException>(() => caller.AskToAdd("a", 1));

        Assert.Equal(3, (await caller.View()).Balance);
        Assert.Equal(105, (await grain.View()).Balance);
    });

    [Theory, InEveryMode]
    public Task Two_writes_at_once_follow_each_other(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IAccountGrain>("a");

        await grain.AddTwiceAtOnce(4);
        await grain.Leave();

        Assert.Equal(8, (await grain.View()).Balance);
    });

    [Theory, InEveryMode]
    public Task A_write_takes_a_token(string mode) => Run(mode, async host =>
    {
        using var cancellation = new CancellationTokenSource();
        var grain = host.GrainFactory.GetGrain<IAccountGrain>("a");

        await grain.AddWithToken(4, cancellation.Token);
        await grain.Leave();

        Assert.Equal(4, (await grain.View()).Balance);
    });

    [Theory, InEveryMode]
    public Task A_grain_may_have_two_records(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITwoStatesGrain>("a");
        await grain.Set(1, 2);
        await grain.Leave();

        Assert.Equal<int[]>([1, 2], await grain.Get());
    });

    [Theory, InEveryMode]
    public Task State_is_reached_in_a_turn_of_its_grain_only(string mode) => Run(
        mode, host => Assert.ThrowsAnyAsync<InvalidOperationException>(
            () => host.GrainFactory.GetGrain<IAccountGrain>("a").ReadStateOutsideOfTheGrain()));
}
