using System.Diagnostics;
using Orleans.Stepped;
using Orleans.Storage;
using Xunit;

namespace OpenBitum.Storage;

public sealed class ReadTests
{
    // Only a failing test waits this long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_read_sees_every_write_that_was_acknowledged_before()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(async caller =>
        {
            for (var number = 0; number < 20; number++)
            {
                var note = $"{caller}/{number}";
                await store.Note(note);
                Assert.Contains(note, await store.Notes());
            }
        }));
    }

    [Fact]
    public async Task The_statements_of_one_read_see_one_state_of_the_file()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();
        var between = new TaskCompletionSource();
        var first = new TaskCompletionSource();

        var read = store.Read(connection =>
        {
            var before = connection.AllNotes().Count;
            first.SetResult();
            // The reader's own thread waits here for a write that commits beside it.
            between.Task.GetAwaiter().GetResult();
            return (before, connection.AllNotes().Count);
        });
        await first.Task;
        await store.Note("beside");
        between.SetResult();

        Assert.Equal((0, 0), await read);
        Assert.Single(await store.Notes());
    }

    [Fact]
    public async Task A_read_that_throws_leaves_its_connection_usable()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open(options => options.MaximumReaders = 1);
        await store.Note("one");

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Read<int>(connection =>
        {
            Assert.True(connection.Statement("SELECT text FROM notes ORDER BY id").Step());
            throw new InvalidOperationException("between two rows");
        }));
        await store.Note("two");

        Assert.Equal(["one", "two"], await store.Notes());
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => store.Read(connection => connection.Insert("by the wrong door")));

        Assert.Empty(await store.Notes());
        Assert.True(store.Health.IsWritable);
    }

    [Fact]
    public async Task Reads_share_a_bounded_number_of_connections_and_a_bounded_queue()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open(options => (options.MaximumReaders, options.MaximumQueuedReads) = (1, 2));
        var running = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var slow = store.Read(_ =>
        {
            running.SetResult();
            release.Task.GetAwaiter().GetResult();
            return 1;
        });
        await running.Task;
        var queued = new[] { store.Read(_ => 2), store.Read(_ => 3) };

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Read(_ => 4));

        release.SetResult();
        var answers = await Task.WhenAll([slow, .. queued]);
        Assert.Equal([1, 2, 3], answers);
    }

    [Fact]
    public async Task Who_was_told_of_a_read_may_count_on_its_connection_having_been_given_back()
    {
        await using var fixture = new StoreFixture();
        await fixture.Open();
        var readers = new StoreReaders(fixture.DatabasePath, fixture.Options, new SameThread());
        var job = new ClosingJob(readers);

        readers.Enqueue(job);

        Assert.True(job.WasReleased);
    }

    [Fact]
    public async Task Readers_that_are_closed_have_let_go_when_the_read_under_way_has_ended()
    {
        await using var fixture = new StoreFixture();
        await fixture.Open();
        var readers = new StoreReaders(fixture.DatabasePath, fixture.Options, new SameThread());

        readers.Enqueue(new ReadJob<int, int>(0, (_, _) =>
        {
            readers.Close(leaveLog: false);
            Assert.False(readers.Released.IsCompleted);
            return 0;
        }, CancellationToken.None));

        Assert.True(readers.Released.IsCompleted);
    }

    [Fact]
    public async Task Nobody_waits_for_a_connection_that_could_not_be_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no mkfifo.");
        await using var fixture = new StoreFixture();
        Directory.CreateDirectory(fixture.DataDirectory);
        // To open a pipe takes until somebody opens its other end, and then it is no database.
        var pipe = Path.Combine(fixture.DataDirectory, "pipe");
        using (var made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var readers = new StoreReaders(pipe, new EmbeddedStoreOptions { MaximumReaders = 1 }, new SameThread());
        var jobs = new[] { Job(), Job() };
        var asking = jobs.Select(job => OnItsThread(() => readers.Enqueue(job))).ToArray();

        // One is opening the connection, and the other has been told to wait for it.
        await Task.WhenAny(asking).WaitAsync(Patience, TestContext.Current.CancellationToken);
        // The other end stays open until both are refused: how many opens one writer lets through is a race.
        using var otherEnd = File.OpenHandle(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

        foreach (var job in jobs)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => job.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
        }

        static ReadJob<int, int> Job() => new(0, (_, _) => 0, CancellationToken.None);

        static Task OnItsThread(Action work) => Task.Factory.StartNew(
            work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Stops the readers as soon as it is told.</summary>
    private sealed class ClosingJob(StoreReaders readers) : IReadJob
    {
        public bool WasReleased { get; private set; }

        public bool TryRun(StoreConnection connection) => connection.AllNotes().Count == 0;

        public void Tell()
        {
            readers.Close(leaveLog: false);
            WasReleased = readers.Released.IsCompleted;
        }

        public void Refuse(Exception exception) => throw exception;
    }

    private sealed class SameThread : IEngineScheduler
    {
        public void Schedule(IThreadPoolWorkItem work) => work.Execute();

        public IWorkLane OpenLane(string name) => throw new InvalidOperationException("Reads need none.");
    }
}
