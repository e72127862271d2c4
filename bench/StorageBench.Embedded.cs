using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Stepped;
using Orleans.Storage;

namespace OpenBitum.Bench;

/// <summary>
/// F9: durable writes of grain records, a caller per grain, each waiting for its acknowledgement. Beside it a bare loop
/// on the same disk with the same settings, rows and sizes: once a transaction per write, once as many writes per
/// transaction as the store had.
/// </summary>
internal static class StorageBench
{
    private const int RecordCharacters = 1_000;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    public static async Task<IReadOnlyList<Row>> Run()
    {
        var rows = new List<Row>();
        var single = Bare(rowsPerTransaction: 1, records: 64);
        foreach (var callers in new[] { 64, 256, 1_024 })
        {
            var (perSecond, batch, p99) = await Store(callers);
            var bare = Bare((int)Math.Round(batch), callers);
            var what = FormattableString.Invariant($"durable state writes, {callers} grains");
            var measured = FormattableString.Invariant($"{perSecond:N0}/s, p99 {p99.TotalMilliseconds:N1} ms, {batch:N0} a commit");
            rows.Add(Compare(what, measured, perSecond, "bare Microsoft.Data.Sqlite, a commit each", single));
            var same = FormattableString.Invariant($"bare Microsoft.Data.Sqlite, {batch:N0} a commit");
            rows.Add(Compare(what, measured, perSecond, same, bare));
        }

        return rows;
    }

    private static Row Compare(string what, string measured, double perSecond, string reference, double referencePerSecond) => new(
        "F9", what, measured, FormattableString.Invariant($"{reference}: {referencePerSecond:N0}/s"),
        FormattableString.Invariant($"{perSecond / referencePerSecond:0.00} x"));

    private static async Task<(double PerSecond, double Batch, TimeSpan P99)> Store(int callers)
    {
        using var folder = new Folder();
        var builder = new Builder();
        builder.Services.AddLogging();
        builder.Services.AddSingleton<IEngineScheduler, ThreadedScheduler>();
        builder.UseEmbeddedStore(options => options.DataDirectory = folder.Path);
        await using var services = builder.Services.BuildServiceProvider();
        var store = services.GetRequiredService<EmbeddedStore>();
        var storage = services.GetRequiredService<IGrainStorage>();
        await store.Start(CancellationToken.None);

        var states = Enumerable.Range(0, callers).Select(_ => new Held()).ToArray();
        await Task.WhenAll(states.Select((state, number) => storage.WriteStateAsync("bench", Id(number), state)));
        var before = store.Commits;
        var waits = new ConcurrentBag<long[]>();
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(states.Select(
            (state, number) => Task.Run(() => Write(storage, Id(number), state, clock, waits))));
        var seconds = clock.Elapsed.TotalSeconds;
        var commits = store.Commits - before;
        await store.Stop(CancellationToken.None);

        var all = waits.SelectMany(wait => wait).Order().ToArray();
        return (counts.Sum() / seconds, (double)counts.Sum() / commits, TimeSpan.FromTicks(all[(int)(all.Length * 0.99)]));
    }

    private static async Task<int> Write(
        IGrainStorage storage, GrainId id, Held state, Stopwatch clock, ConcurrentBag<long[]> waits)
    {
        var waited = new List<long>();
        while (clock.Elapsed < Duration)
        {
            state.State = state.State with { Count = state.State.Count + 1 };
            var start = clock.Elapsed.Ticks;
            await storage.WriteStateAsync("bench", id, state);
            waited.Add(clock.Elapsed.Ticks - start);
        }

        waits.Add([.. waited]);
        return waited.Count;
    }

    private static double Bare(int rowsPerTransaction, int records)
    {
        using var folder = new Folder();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "bare.db")};Pooling=false");
        connection.Open();
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        Execute("CREATE TABLE record (id INTEGER PRIMARY KEY, name TEXT, key TEXT, payload TEXT, UNIQUE (name, key))");
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO record (name, key, payload) VALUES ('bench', $key, $payload)
            ON CONFLICT DO UPDATE SET payload = excluded.payload
            """;
        var key = command.Parameters.Add("$key", SqliteType.Text);
        var payload = command.Parameters.Add("$payload", SqliteType.Text);
        var state = new BenchState();
        var written = 0;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Duration)
        {
            using var transaction = connection.BeginTransaction();
            command.Transaction = transaction;
            for (var row = 0; row < rowsPerTransaction; row++)
            {
                state = state with { Count = state.Count + 1 };
                key.Value = Id(written % records).Key;
                payload.Value = JsonSerializer.Serialize(state, JsonSerializerOptions.Web);
                command.ExecuteNonQuery();
                written++;
            }

            transaction.Commit();
        }

        return written / clock.Elapsed.TotalSeconds;

        void Execute(string sql)
        {
            using var statement = connection.CreateCommand();
            statement.CommandText = sql;
            statement.ExecuteNonQuery();
        }
    }

    private static GrainId Id(int number) => new("bench", $"ord_01J9ZQ4Y8F{number:D12}");

    private sealed record BenchState
    {
        public int Count { get; init; }

        public string Text { get; init; } = new('x', RecordCharacters);
    }

    private sealed class Held : Orleans.IGrainState<BenchState>
    {
        public BenchState State { get; set; } = new();

        public string? ETag { get; set; }

        public bool RecordExists { get; set; }
    }

    private sealed class Builder : ISiloBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();

        public IConfiguration Configuration { get; } = new ConfigurationBuilder().Build();
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("openbitum-bench-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
