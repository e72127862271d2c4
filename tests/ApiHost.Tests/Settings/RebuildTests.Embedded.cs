using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Settings;

/// <summary>`rebuild` as a person runs it, over what a host has stored by its API.</summary>
public sealed class RebuildTests : IAsyncLifetime
{
    private ApiServer server = null!;
    private HttpSink sink = null!;
    private string merchant = null!;
    private string pending = null!;
    private string paid = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ApiServer.Start();
        sink = await HttpSink.Start(_ => new SinkAnswer(200));
        merchant = ApiServer.NewMerchant();
        await Fill();
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await sink.DisposeAsync();
    }

    [Fact]
    public async Task A_rebuild_gives_the_same_rows_sends_nothing_again_and_puts_right_what_was_damaged()
    {
        var before = await Dump();
        var events = (await server.Get("/api/merchant/events?limit=100", server.Admin(merchant))).Body;
        var sent = await Sent();

        await server.Restart(async () =>
        {
            await Damage(
                """
                UPDATE products SET view = '{}';
                DELETE FROM customers;
                UPDATE orders SET status = 'refunded', version = 1000;
                UPDATE webhooks SET events = ' nothing ';
                """);
            var (code, output, error) = await Rebuild();
            Assert.Equal((0, ""), (code, error));
            Assert.Contains("The read model was rebuilt from ", output, StringComparison.Ordinal);
        });

        Assert.Equal(before, await Dump());
        Assert.Equal(events, (await server.Get("/api/merchant/events?limit=100", server.Admin(merchant))).Body);
        Assert.Equal(sent, await Sent());
        Assert.True(sink.IsEmpty);
        Assert.Equal("paid", (await server.Get("/api/merchant/orders?status=paid", server.Admin(merchant))).Text("data.0.status"));
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_named_and_holds_no_other_back()
    {
        await server.Restart(async () =>
        {
            await Damage($"UPDATE grain_state SET payload = '{{\"State\":' WHERE state_name = 'order' AND grain_key = '{pending}'");
            var (code, _, error) = await Rebuild();
            Assert.Equal(1, code);
            Assert.Contains($"order {pending}: ", error, StringComparison.Ordinal);
            Assert.Contains("1 of ", error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        });

        var orders = (await server.Get("/api/merchant/orders", server.Admin(merchant))).Body;
        Assert.Contains(paid, orders, StringComparison.Ordinal);
        Assert.DoesNotContain(pending, orders, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_a_running_host_on_nothing_or_with_a_wrong_option_it_is_refused_and_changes_nothing()
    {
        var before = await Dump();

        var (code, output, error) = await Rebuild();
        Assert.Equal((1, ""), (code, output));
        Assert.Contains($"is in use by process {Environment.ProcessId}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);

        (code, output, error) = await ProgramTests.Run("rebuild", "--Data:Directory=./no-such-folder");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("no-such-folder/openbitum.db", error, StringComparison.Ordinal);

        Assert.Equal(2, (await ProgramTests.Run("rebuild", "--all")).Code);
        Assert.Equal(1, (await ProgramTests.Run("rebuild", "--Data:Folder=x")).Code);
        (code, output, _) = await ProgramTests.Run("rebuild", "--help");
        Assert.Equal(0, code);
        Assert.StartsWith("Usage: openbitum rebuild", output, StringComparison.Ordinal);
        Assert.Equal(before, await Dump());
    }

    /// <summary>Something of all that a merchant can make.</summary>
    private async Task Fill()
    {
        var token = server.Admin(merchant);
        var hook = new JsonObject { ["url"] = sink.Url.ToString(), ["events"] = new JsonArray("*"), ["description"] = "all" };
        await Made("/api/merchant/webhooks", hook, token);
        hook["url"] = "https://example.com/";
        var idle = await Made("/api/merchant/webhooks", hook, token);
        await server.Send(HttpMethod.Patch, idle.Headers["Location"], ApiServer.Json("""{"active":false}"""), token);
        var ended = await Made("/api/merchant/webhooks", hook, token);
        await server.Send(HttpMethod.Delete, ended.Headers["Location"], null, token);

        var key = new JsonObject { ["name"] = "shop", ["scopes"] = new JsonArray("orders:read", "products:read") };
        await Made("/api/merchant/keys", key, token);
        var revoked = await Made("/api/merchant/keys", key, token);
        await server.Send(HttpMethod.Delete, $"/api/merchant/keys/{revoked.Text("id")}", null, token);

        var course = await server.NewProduct(merchant, JsonNode.Parse("""{"entitlements":[{"handler":"record","key":"c"}]}""")!.AsObject());
        var scarce = await server.NewProduct(merchant, new JsonObject { ["stock"] = 5, ["active"] = true, ["metadata"] = new JsonObject { ["a"] = "b" } });
        var gone = await server.NewProduct(merchant);
        await server.Send(HttpMethod.Delete, $"/api/merchant/products/{gone}", null, token);

        pending = await server.NewOrder(scarce, "one@example.com");
        paid = await server.NewOrder(course, "two@example.com");
        var seen = await server.NewOrder(course, "two@example.com");
        await Made("/api/sandbox/pay", new JsonObject { ["orderId"] = paid }, null);
        await Made("/api/sandbox/pay", new JsonObject { ["orderId"] = seen, ["confirmations"] = 0 }, null);

        // Each order's, each customer's and each payment's events arrive before the host is stopped.
        await Eventually.Reads(() => server.Get($"/api/merchant/orders/{paid}", token), reply => reply.Text("entitlements.0.status") == "active");
        await Eventually.Reads(Sent, counts => counts.Open == 0);
        while (!sink.IsEmpty)
        {
            await sink.Next();
        }
    }

    private async Task<Reply> Made(string path, JsonObject body, string? token)
    {
        var made = await server.Post(path, (JsonObject)body.DeepClone(), token);
        Assert.True(made.Status is HttpStatusCode.Created or HttpStatusCode.OK, made.Body);
        return made;
    }

    private Task<(int Code, string Output, string Error)> Rebuild() =>
        ProgramTests.Run("rebuild", $"--Data:Directory={server.Folder}", $"--Urls={server.Address}");

    private async Task Damage(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={server.Folder}/openbitum.db;Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private Task<ImmutableArray<string>> Dump() => ReadModelDump.Of(
        server.Database, server.Services.GetServices<PublishingKind>(), withVersions: false);

    private Task<DeliveryCounts> Sent() => server.Database.Read(async session => new DeliveryCounts(
        await session.First("SELECT COUNT(*) FROM deliveries", reader => reader.GetInt64(0)),
        await session.First("SELECT COUNT(*) FROM deliveries WHERE finished_at IS NULL", reader => reader.GetInt64(0)),
        await session.First("SELECT COUNT(*) FROM delivery_attempts", reader => reader.GetInt64(0))));

    private sealed record DeliveryCounts(long All, long Open, long Attempts);
}
