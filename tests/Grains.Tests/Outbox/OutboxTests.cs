using Microsoft.Extensions.Logging.Abstractions;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Outbox;

/// <summary>The steps of a commit over a real database whose answers may be lost.</summary>
public sealed class OutboxTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private FeatureHost host = null!;

    public async ValueTask InitializeAsync() => host = await FeatureHost.Start(clock);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task A_commit_marks_again_when_nobody_knows_whether_the_one_before_was_published()
    {
        var database = new LossyDatabase(host.Database);
        var record = new NotedRecord(Marks);
        var outbox = new Outbox<string>(
            "order", "ord_1", record, new Publisher(database, host.Grains, clock), (_, _) => null, () => { }, NullLogger.Instance);

        database.LosesAnswerOf = 2;
        await outbox.Commit("first");
        Assert.Empty(await Marks());
        await outbox.Commit("second");

        Assert.Equal([1, 1], record.MarksAtWrite);
    }

    private Task<List<string>> Marks() =>
        host.Database.Read(session => session.Query("SELECT grain_key FROM unpublished", reader => reader.GetString(0)));

    /// <summary>Writes durably, and of one write says that it timed out.</summary>
    private sealed class LossyDatabase(IDatabase database) : IDatabase
    {
        private int writes;

        public int LosesAnswerOf { get; set; }

        public async Task<T> Write<T>(Func<SqlSession, Task<T>> work)
        {
            var result = await database.Write(work);
            return ++writes == LosesAnswerOf ? throw new TimeoutException("The answer was lost.") : result;
        }

        public Task<T> Read<T>(Func<SqlSession, Task<T>> query) => database.Read(query);
    }

    /// <summary>Notes how many marks there were when it was written.</summary>
    private sealed class NotedRecord(Func<Task<List<string>>> marks) : IPersistentState<Record<string>>
    {
        public List<int> MarksAtWrite { get; } = [];

        public Record<string> State { get; set; } = new();

        public string? Etag => null;

        public bool RecordExists => MarksAtWrite.Count > 0;

        public async Task WriteStateAsync() => MarksAtWrite.Add((await marks()).Count);

        public Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

        public Task ReadStateAsync() => Task.CompletedTask;

        public Task ReadStateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task ClearStateAsync() => Task.CompletedTask;

        public Task ClearStateAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
