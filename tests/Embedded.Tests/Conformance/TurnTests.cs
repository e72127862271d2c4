namespace OpenBitum.Conformance;

public sealed class TurnTests : ConformanceTest
{
    [Theory, InEveryMode]
    public Task A_second_call_waits_for_the_first(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITurnGrain>("a");
        var first = grain.Work("first");
        await Journal.Until("first began");
        var second = grain.Work("second");
        Journal.Open("second");

        // The interleaving call has been through the grain: whatever could start has started.
        await grain.Overlaps(3);

        Assert.Equal(["first began"], Journal.Entries);
        Journal.Open("first");
        await Task.WhenAll(first, second);
        Assert.Equal(["first began", "first ended", "second began", "second ended"], Journal.Entries);
    });

    [Theory, InEveryMode]
    public Task Turns_of_interleaving_calls_never_overlap(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITurnGrain>("a");

        var overlaps = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => grain.Overlaps(20)));

        Assert.Equal(0, overlaps.Sum());
    });

    [Theory, InEveryMode]
    public Task Another_grain_does_not_wait(string mode) => Run(mode, async host =>
    {
        var first = host.GrainFactory.GetGrain<ITurnGrain>("a").Work("first");
        await Journal.Until("first began");

        var second = host.GrainFactory.GetGrain<ITurnGrain>("b").Work("second");

        await Journal.Until("second began");
        Journal.Open("first");
        Journal.Open("second");
        await Task.WhenAll(first, second);
    });

    [Theory, InEveryMode]
    public Task A_call_that_always_interleaves_starts_beside_any_other(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITurnGrain>("a");
        var work = grain.Work("work");
        await Journal.Until("work began");

        Journal.Open("interrupt");
        await grain.Interrupt("interrupt");

        Assert.False(work.IsCompleted);
        Journal.Open("work");
        await work;
    });

    [Theory, InEveryMode]
    public Task Readers_run_beside_each_other(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITurnGrain>("a");
        var first = grain.Look("first");
        await Journal.Until("first began");

        Journal.Open("second");
        await grain.Look("second");

        Assert.False(first.IsCompleted);
        Journal.Open("first");
        await first;
    });

    [Theory, InEveryMode]
    public Task A_writer_waits_for_the_readers_and_they_for_it(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITurnGrain>("a");
        var reader = grain.Look("reader");
        await Journal.Until("reader began");
        var writer = grain.Work("writer");

        await grain.Overlaps(3);
        Assert.Equal(0, Journal.Count("writer began"));

        Journal.Open("reader");
        await reader;
        await Journal.Until("writer began");
        var late = grain.Look("late");
        await grain.Overlaps(3);
        Assert.Equal(0, Journal.Count("late began"));

        Journal.Open("writer");
        Journal.Open("late");
        await Task.WhenAll(writer, late);
    });

    [Theory, InEveryMode]
    public Task A_reentrant_grain_may_call_itself(string mode) => Run(mode, async host =>
    {
        Journal.Open("inner");

        await host.GrainFactory.GetGrain<IReentrantGrain>("a").CallYourself("inner");

        Assert.Equal(1, Journal.Count("inner began"));
    });

    [Theory, InEveryMode]
    public Task A_reentrant_grain_starts_calls_beside_each_other(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IReentrantGrain>("a");
        var calls = new[] { grain.Work("first"), grain.Work("second") };

        await Journal.Until("first began");
        await Journal.Until("second began");

        Journal.Open("first");
        Journal.Open("second");
        await Task.WhenAll(calls);
    });

    [Theory, InEveryMode]
    public Task An_await_comes_back_to_the_grain(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<ITurnGrain>("a");

        Assert.True(await grain.ResumesInTheGrain());
        Assert.True(await grain.StaysInTheGrainWithStartNew());
    });

    [Theory, InEveryMode]
    public Task ConfigureAwait_false_and_another_scheduler_leave_the_grain(string mode) => Run(
        mode, async host => Assert.True(await host.GrainFactory.GetGrain<ITurnGrain>("a").LeavesTheGrain()));

    [Theory, InEveryMode]
    public Task A_stateless_worker_multiplies_to_its_maximum_and_no_further(string mode) => Run(mode, async host =>
    {
        // On several silos each has its own workers, so more calls are needed there to find them all busy.
        var grain = host.GrainFactory.GetGrain<IWorkerGrain>("a");
        var calls = Enumerable.Range(0, 3 * host.Silos).Select(number => grain.Work($"{number}")).ToList();
        await Journal.Until("began", 2);
        await host.GrainFactory.GetGrain<ITurnGrain>("b").Overlaps(3);

        Assert.InRange(Journal.Entries.Count, 2, 2 * host.Silos);
        for (var number = 0; number < calls.Count; number++)
        {
            Journal.Open($"{number}");
        }

        await Task.WhenAll(calls);
    });
}
