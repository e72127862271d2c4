using Microsoft.Data.Sqlite;
using Orleans.Storage;
using Xunit;

namespace OpenBitum.Storage;

public sealed class GroupCommitTests
{
    [Fact]
    public async Task Writes_that_wait_together_share_one_commit()
    {
        var steps = new StepScheduler();
        await using var fixture = new StoreFixture { Steps = steps };
        var store = await fixture.Open();
        var writes = Enumerable.Range(0, 10).Select(number => store.Note($"note {number}")).ToArray();

        steps.RunOne();

        Assert.Equal(1, store.Commits);
        Assert.Equal(Enumerable.Range(1, 10).Select(id => (long)id), await Task.WhenAll(writes));
    }

    [Fact]
    public async Task A_transaction_takes_no_more_than_its_bound()
    {
        var steps = new StepScheduler();
        await using var fixture = new StoreFixture { Steps = steps };
        var store = await fixture.Open(options => options.MaximumBatch = 4);
        var writes = Enumerable.Range(0, 9).Select(number => store.Note($"note {number}")).ToArray();

        steps.RunOne();
        Assert.Equal(4, writes.Count(write => write.IsCompleted));

        steps.RunAll();
        Assert.Equal(3, store.Commits);
        await Task.WhenAll(writes);
    }

    [Fact]
    public async Task A_write_is_acknowledged_only_after_its_commit()
    {
        var steps = new StepScheduler();
        await using var fixture = new StoreFixture { Steps = steps };
        var seen = new List<(string When, int Rows, bool Acknowledged)>();
        Task? write = null;
        var store = await fixture.Open(options =>
        {
            options.BeforeCommit = _ => seen.Add(("before", RowsSeenBeside(fixture), write!.IsCompleted));
            options.AfterCommit = _ => seen.Add(("after", RowsSeenBeside(fixture), write!.IsCompleted));
        });
        write = store.Note("durable");

        steps.RunAll();

        await write;
        Assert.Equal([("before", 0, false), ("after", 1, false)], seen);
    }

    [Fact]
    public async Task A_job_that_throws_harms_nobody_and_leaves_nothing()
    {
        var steps = new StepScheduler();
        await using var fixture = new StoreFixture { Steps = steps };
        var store = await fixture.Open();
        var before = store.Note("before");
        var thrower = store.Write<long>(connection =>
        {
            connection.Insert("half");
            throw new InvalidOperationException("after the first of two inserts");
        });
        var after = store.Note("after");

        steps.RunAll();

        await Task.WhenAll(before, after);
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => thrower);
        Assert.Equal("after the first of two inserts", thrown.Message);
        Assert.Equal(1, store.Commits);
        Assert.Equal(["before", "after"], await Read(store.Notes(), steps));
        Assert.True(store.Health.IsWritable);
    }

    [Fact]
    public async Task A_job_that_throws_alone_leaves_nothing()
    {
        var steps = new StepScheduler();
        await using var fixture = new StoreFixture { Steps = steps };
        var store = await fixture.Open();
        var thrower = store.Write<long>(connection => connection.Insert("half") / 0);

        steps.RunAll();

        await Assert.ThrowsAsync<DivideByZeroException>(() => thrower);
        Assert.Empty(await Read(store.Notes(), steps));
    }

    [Fact]
    public async Task A_broken_constraint_is_the_callers_own_exception()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();

        await Assert.ThrowsAsync<SqliteException>(() => store.Write(connection =>
            connection.Statement("INSERT INTO notes (text) VALUES (NULL)").Run()));

        Assert.Equal(1, await store.Note("as if nothing had been"));
    }

    [Fact]
    public async Task A_write_sees_what_its_neighbours_wrote_before_it()
    {
        var steps = new StepScheduler();
        await using var fixture = new StoreFixture { Steps = steps };
        var store = await fixture.Open();
        var first = store.Note("first");
        var count = store.Write(connection => connection.AllNotes().Count);

        steps.RunAll();

        await first;
        Assert.Equal((1, 1), (await count, store.Commits));
    }

    [Fact]
    public async Task A_write_beyond_the_queue_is_refused_at_once_and_the_others_go_through()
    {
        var steps = new StepScheduler();
        await using var fixture = new StoreFixture { Steps = steps };
        var store = await fixture.Open(options => options.MaximumQueuedWrites = 2);
        var kept = new[] { store.Note("one"), store.Note("two") };

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Note("three"));

        Assert.True(refusal.IsTransient);
        steps.RunAll();
        await Task.WhenAll(kept);
        Assert.Equal(["one", "two"], await Read(store.Notes(), steps));
    }

    [Fact]
    public async Task Cancellation_ends_the_waiting_and_not_the_write()
    {
        var steps = new StepScheduler();
        await using var fixture = new StoreFixture { Steps = steps };
        var store = await fixture.Open();
        using var cancellation = new CancellationTokenSource();
        var write = store.Note("kept", cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        steps.RunAll();
        Assert.Equal(["kept"], await Read(store.Notes(), steps));
    }

    [Fact]
    public async Task Stopping_finishes_what_was_accepted_and_refuses_the_rest()
    {
        var steps = new StepScheduler();
        await using var fixture = new StoreFixture { Steps = steps };
        var store = await fixture.Open(options => options.MaximumBatch = 2);
        var accepted = Enumerable.Range(0, 5).Select(number => store.Note($"note {number}")).ToArray();

        var stopping = store.Stop(TestContext.Current.CancellationToken);
        var late = store.Note("late");
        steps.RunAll();

        await stopping;
        await Task.WhenAll(accepted);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => late);
        Assert.False(File.Exists(fixture.DatabasePath + "-wal"), "the log is copied into the file");
        Assert.Equal(5, (await Read((await fixture.Open()).Notes(), steps)).Count);
    }

    [Fact]
    public async Task Writes_of_64_callers_are_all_there_and_share_commits()
    {
        await using var fixture = new StoreFixture();
        using var allHaveAsked = new ManualResetEventSlim();
        var store = await fixture.Open(options => options.BeforeCommit = commit =>
        {
            // The others gather while the first commit takes its time.
            if (commit == 1) allHaveAsked.Wait(TestContext.Current.CancellationToken);
        });

        var writing = Task.WhenAll(Enumerable.Range(0, 64).Select(async caller =>
        {
            for (var number = 0; number < 20; number++)
            {
                await store.Note($"{caller}/{number}");
            }
        }));
        allHaveAsked.Set();
        await writing;

        Assert.Equal(64 * 20, (await store.Notes()).Distinct().Count());
        Assert.InRange(store.Commits, 20, 64 * 20 - 1);
    }

    private static async Task<T> Read<T>(Task<T> read, StepScheduler steps)
    {
        steps.RunAll();
        return await read;
    }

    private static int RowsSeenBeside(StoreFixture fixture)
    {
        using var beside = StoreConnection.OpenReader(fixture.DatabasePath, 1_024);
        return beside.AllNotes().Count;
    }
}
