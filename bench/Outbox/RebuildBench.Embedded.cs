using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Json;
using OpenBitum.Money;
using OpenBitum.Orders;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Silo;
using OpenBitum.Time;

namespace OpenBitum.Bench;

/// <summary>
/// `rebuild` over a store of paid orders, beside bare inserts of the rows that it makes; and the same of a quarter of the store, because
/// an order must not cost more where there are more.
/// </summary>
internal static class RebuildBench
{
    private const int Orders = 20_000;
    private const int RowsPerTransaction = 50;

    private static readonly MerchantId Merchant = new("bench");

    public static async Task<IReadOnlyList<Row>> Run()
    {
        // Whatever comes first pays for the compiler.
        await Rebuilt(Orders / 40);
        var few = await Rebuilt(Orders / 4);
        var many = await Rebuilt(Orders);
        return
        [
            new Row("-", FormattableString.Invariant($"rebuild, {Orders:N0} orders"),
                FormattableString.Invariant($"{many.PerSecond:N0} orders/s, {many.Megabytes:N0} MB more in use"),
                FormattableString.Invariant($"bare inserts of the rows, {RowsPerTransaction} a commit: {many.BarePerSecond:N0}/s"),
                FormattableString.Invariant($"{many.PerSecond / many.BarePerSecond:0.00} x")),
            new Row("-", FormattableString.Invariant($"rebuild, cost of an order among {Orders:N0}"),
                FormattableString.Invariant($"{1_000_000 / many.PerSecond:N0} µs"),
                FormattableString.Invariant($"among {Orders / 4:N0}: {1_000_000 / few.PerSecond:N0} µs"),
                FormattableString.Invariant($"{few.PerSecond / many.PerSecond:0.00} x")),
        ];
    }

    private static async Task<Measured> Rebuilt(int count)
    {
        var folder = Directory.CreateTempSubdirectory("openbitum-bench-");
        try
        {
            using (var shop = Build(folder.FullName, builder => builder.HostGrains()))
            {
                await shop.StartAsync();
                await Fill(shop.Services, count);
                await shop.StopAsync();
            }

            using var host = Build(folder.FullName, builder => builder.HostGrainsAlone());
            await host.StartAsync();
            var rebuild = host.Services.GetRequiredService<Rebuild>();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var most = before;
            var clock = Stopwatch.StartNew();
            await rebuild.Begin();
            await rebuild.Finish(
                (mark, failure) => throw new InvalidOperationException($"{mark.Kind} {mark.Key} was left.", failure),
                _ => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false)));
            var seconds = clock.Elapsed.TotalSeconds;

            var rows = await host.Services.GetRequiredService<IDatabase>().Read(session => session.Query(
                "SELECT id, merchant, status, product, customer, email, created_at, paid_at, view, counted FROM orders",
                reader => Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue).ToArray()));
            await host.StopAsync();
            return rows.Count == count + 1
                ? new Measured(count / seconds, count / Bare(rows), (most - before) / 1e6)
                : throw new InvalidOperationException($"{rows.Count} orders came back of {count + 1}.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IHost Build(string folder, Action<IHostApplicationBuilder> grains)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = ["--Data:Directory", folder] });
        builder.Logging.ClearProviders();
        grains(builder);
        return builder.Build();
    }

    /// <summary>One order is sold and paid; its record is laid down again under other ids.</summary>
    private static async Task Fill(IServiceProvider services, int count)
    {
        var grains = services.GetRequiredService<IGrainFactory>();
        var database = services.GetRequiredService<IDatabase>();
        var product = ProductId.New(TimeProvider.System.Now());
        await grains.GetGrain<IProductGrain>(product.Value).Create(new CreateProduct(Merchant, new ProductFields
        {
            Name = Change<string>.To("Course"),
            Price = Change<Amount>.To(new Amount(Asset.Currency("USD")!, 1_990)),
        }));
        var sold = OrderId.New(TimeProvider.System.Now());
        await grains.GetGrain<IOrderGrain>(sold.Value).Open(
            new OpenOrder(product, "buyer@example.com", 1, null, null, ImmutableSortedDictionary<string, string>.Empty));
        var script = await database.Read(session => session.First(
            "SELECT script FROM scripts WHERE listener = $1", reader => reader.GetString(0), sold.Value));
        await grains.GetGrain<Chains.ISandboxChainGrain>(Chains.ISandboxChainGrain.Key).Pay(
            new Chains.SandboxPay(script!, (Int128)19_9000_0000, 1));
        await grains.GetGrain<Chains.IChainFollowerGrain>(Chains.ChainCatalog.Sandbox).Look();
        if ((await grains.GetGrain<IOrderGrain>(sold.Value).BuyerView())?.Status is not OrderStatus.Paid)
        {
            throw new InvalidOperationException("The order that is to be copied was not paid.");
        }

        foreach (var some in Enumerable.Range(0, count).Chunk(500))
        {
            await database.Write(async session =>
            {
                foreach (var _ in some)
                {
                    var id = OrderId.New(TimeProvider.System.Now()).Value;
                    await session.Execute(
                        """
                        INSERT INTO grain_state (state_name, grain_key, etag, payload, modified_at)
                        SELECT state_name, $1, etag, CAST(REPLACE(payload, $2, $1) AS TEXT), modified_at FROM grain_state
                        WHERE state_name = 'order' AND grain_key = $2
                        """,
                        id, sold.Value);
                }

                return true;
            });
        }
    }

    /// <summary>Seconds for the rows of orders, with the indexes that they are listed by and as durable.</summary>
    private static double Bare(List<object[]> rows)
    {
        var folder = Directory.CreateTempSubdirectory("openbitum-bench-");
        try
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "bare.db")};Pooling=false");
            connection.Open();
            Execute(
                """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                CREATE TABLE orders (id TEXT PRIMARY KEY, merchant TEXT, status TEXT, product TEXT, customer TEXT, email TEXT,
                    created_at BIGINT, paid_at BIGINT, view TEXT, counted TEXT);
                CREATE INDEX by_merchant ON orders (merchant, created_at, id);
                CREATE INDEX by_status ON orders (merchant, status, created_at, id);
                CREATE INDEX by_product ON orders (merchant, product, created_at, id);
                CREATE INDEX by_customer ON orders (merchant, customer, created_at, id);
                """);
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO orders VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)";
            var parameters = rows[0].Select((_, index) => insert.Parameters.AddWithValue($"${index}", "")).ToArray();
            var clock = Stopwatch.StartNew();
            foreach (var some in rows.Chunk(RowsPerTransaction))
            {
                using var transaction = connection.BeginTransaction();
                insert.Transaction = transaction;
                foreach (var row in some)
                {
                    for (var index = 0; index < row.Length; index++)
                    {
                        parameters[index].Value = row[index];
                    }

                    insert.ExecuteNonQuery();
                }

                transaction.Commit();
            }

            return clock.Elapsed.TotalSeconds;

            void Execute(string sql)
            {
                using var statement = connection.CreateCommand();
                statement.CommandText = sql;
                statement.ExecuteNonQuery();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private readonly record struct Measured(double PerSecond, double BarePerSecond, double Megabytes);
}
