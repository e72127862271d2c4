using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenBitum.CommandLine;
using Xunit;

namespace OpenBitum.Tests.Webhooks;

public sealed class WebhooksTests(SharedServer shared)
{
    private const string Webhooks = "/api/merchant/webhooks";

    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task A_subscription_is_made_read_changed_and_deleted_and_its_secret_is_shown_once()
    {
        var token = server.Admin(ApiServer.NewMerchant());

        var created = await server.Post(Webhooks, JsonNode.Parse("""{"url":"http://127.0.0.1:8080/","events":["order.paid"]}""")!, token);
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.StartsWith("whsec_", created.Text("secret"), StringComparison.Ordinal);
        var path = created.Headers["Location"];

        Assert.Null((await server.Get(path, token)).Json["secret"]);
        Assert.Equal(created.Text("id"), (await server.Get(Webhooks, token)).Text("data.0.id"));

        var changed = await server.Send(HttpMethod.Patch, path, ApiServer.Json("""{"events":["*"],"active":false,"description":"all"}"""), token);
        Assert.Equal("""["*"]""", changed.Text("events"));
        Assert.Equal("false", changed.Text("active"));

        Assert.Equal(HttpStatusCode.NoContent, (await server.Send(HttpMethod.Delete, path, null, token)).Status);
        Assert.Equal("""{"error":"not_found"}""", (await server.Get(path, token)).Body);
    }

    [Fact]
    public async Task Another_merchants_subscription_looks_like_one_that_does_not_exist()
    {
        var created = await server.Post(
            Webhooks, JsonNode.Parse("""{"url":"http://127.0.0.1:8080/","events":["*"]}""")!, server.Admin(ApiServer.NewMerchant()));
        var stranger = server.Admin(ApiServer.NewMerchant());
        var path = created.Headers["Location"];

        Reply[] replies =
        [
            await server.Get(path, stranger),
            await server.Send(HttpMethod.Patch, path, ApiServer.Json("{}"), stranger),
            await server.Send(HttpMethod.Delete, path, null, stranger),
            await server.Send(HttpMethod.Post, $"{path}/test", null, stranger),
            await server.Get($"{path}/deliveries", stranger),
            await server.Send(HttpMethod.Post, "/api/merchant/deliveries/dlv_01ARZ3NDEKTSV4RRFFQ69G5FAV/redeliver", null, stranger),
        ];

        Assert.All(replies, reply => Assert.Equal((HttpStatusCode.NotFound, """{"error":"not_found"}"""), (reply.Status, reply.Body)));
    }

    [Fact]
    public async Task A_merge_changes_what_it_names_and_null_clears_only_the_description()
    {
        var token = server.Admin(ApiServer.NewMerchant());
        var created = await server.Post(
            Webhooks, JsonNode.Parse("""{"url":"https://example.com/a","events":["order.paid"],"description":"all"}""")!, token);
        Assert.Equal(
            ["active", "createdAt", "description", "events", "id", "secret", "url"], created.Json.AsObject().Select(field => field.Key).Order());
        var path = created.Headers["Location"];
        var before = (await server.Get(path, token)).Body;

        Assert.Equal(before, (await server.Send(HttpMethod.Patch, path, ApiServer.Json("{}"), token)).Body);
        var cleared = await server.Send(HttpMethod.Patch, path, ApiServer.Json("""{"description":null,"url":"https://example.com/b"}"""), token);
        Assert.Equal("https://example.com/b", cleared.Text("url"));
        Assert.Null(cleared.Json["description"]);
        Assert.Equal("""["order.paid"]""", cleared.Text("events"));

        foreach (var (body, problem) in new[]
        {
            ("""{"url":null}""", "url required"), ("""{"events":null}""", "events required"), ("""{"events":[]}""", "events required"),
            ("""{"active":null}""", "active wrong_type"), ("""{"secret":"whsec_x"}""", "secret unknown_field"), ("""{"id":"whk_1"}""", "id unknown_field"),
        })
        {
            var refused = await server.Send(HttpMethod.Patch, path, ApiServer.Json(body), token);
            Assert.Equal((body, HttpStatusCode.UnprocessableEntity), (body, refused.Status));
            Assert.Equal([problem], refused.Details);
        }

        Assert.Equal(cleared.Body, (await server.Get(path, token)).Body);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Send(HttpMethod.Delete, path, null, token)).Status);
        foreach (var (method, below) in new[] { (HttpMethod.Get, ""), (HttpMethod.Patch, ""), (HttpMethod.Post, "/test"), (HttpMethod.Get, "/deliveries") })
        {
            var body = method == HttpMethod.Patch ? ApiServer.Json("{}") : null;
            Assert.Equal(HttpStatusCode.NotFound, (await server.Send(method, path + below, body, token)).Status);
        }
    }

    [Fact]
    public async Task Whoever_tries_on_their_own_machine_is_told_which_setting_allows_it()
    {
        await using var strict = await ApiServer.Start(new() { ["Webhooks:AllowedPrivateHosts:0"] = "sink.internal" });
        var token = strict.Admin();

        foreach (var (url, host) in new[] { ("http://127.0.0.1:8080/", "127.0.0.1"), ("https://localhost/", "localhost"), ("https://sink/", "sink") })
        {
            var refused = await strict.Post(Webhooks, new JsonObject { ["url"] = url, ["events"] = new JsonArray("*") }, token);
            Assert.Equal(["url unsafe_url"], refused.Details);
            Assert.Contains($"Webhooks:AllowedPrivateHosts:0={host}", refused.Text("details.0.message"), StringComparison.Ordinal);
        }

        var allowed = await strict.Post(Webhooks, new JsonObject { ["url"] = "http://sink.internal:8080/", ["events"] = new JsonArray("*") }, token);
        Assert.Equal(HttpStatusCode.Created, allowed.Status);
    }

    [Theory]
    [InlineData("""{"url":"nowhere","events":["*"]}""")]
    [InlineData("""{"url":"http://10.0.0.1/","events":["*"]}""")]
    [InlineData("""{"url":"https://example.com/","events":["order.eaten"]}""")]
    [InlineData("""{"url":"https://example.com/","events":[]}""")]
    [InlineData("""{"url":"https://example.com/","events":"*"}""")]
    [InlineData("""{"url":"https://example.com/"}""")]
    public async Task A_subscription_that_could_not_work_is_refused(string body)
    {
        var refused = await server.Send(HttpMethod.Post, Webhooks, ApiServer.Json(body), server.Admin(ApiServer.NewMerchant()));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
    }

    [Fact]
    public async Task A_delivery_is_logged_repeated_pulled_and_found_genuine_by_the_program_itself()
    {
        await using var sink = await Sink.Start();
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var created = await server.Post(Webhooks, new JsonObject { ["url"] = sink.Address, ["events"] = new JsonArray("*") }, token);
        var path = created.Headers["Location"];

        var test = await server.Send(HttpMethod.Post, $"{path}/test", null, token);
        Assert.Equal(HttpStatusCode.Accepted, test.Status);
        var ping = await sink.Next();
        Assert.Contains("\"webhook.test\"", ping.Body, StringComparison.Ordinal);

        await server.NewOrder(await server.NewProduct(merchant));
        var first = await sink.Next();
        var events = await server.Get("/api/merchant/events", token);
        Assert.Contains(first.Body, events.Body, StringComparison.Ordinal);
        var position = events.Text("nextCursor");
        Assert.Equal("[]", (await server.Get($"/api/merchant/events?after={position}", token)).Text("data"));
        Assert.Equal(position, (await server.Get($"/api/merchant/events?after={position}", token)).Text("nextCursor"));

        var again = await server.Send(HttpMethod.Post, $"/api/merchant/deliveries/{test.Text("deliveryId")}/redeliver", null, token);
        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        Assert.NotEqual(test.Text("deliveryId"), again.Text("deliveryId"));

        var log = await server.Get($"{path}/deliveries", token);
        Assert.Contains(again.Text("deliveryId"), log.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Text("secret"), log.Body, StringComparison.Ordinal);

        var folder = Directory.CreateTempSubdirectory("openbitum-delivery-").FullName;
        var (saved, secret) = (Path.Combine(folder, "delivery"), Path.Combine(folder, "secret"));
        await File.WriteAllTextAsync(saved, first.Head + "\r\n" + first.Body, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(secret, created.Text("secret") + "\n", TestContext.Current.CancellationToken);
        Assert.Equal(0, VerifyWebhookCommand.Run(["--file", saved, "--secret-file", secret]));
        await File.AppendAllTextAsync(saved, " ", TestContext.Current.CancellationToken);
        Assert.Equal(1, VerifyWebhookCommand.Run(["--file", saved, "--secret-file", secret]));
        Directory.Delete(folder, recursive: true);
    }

    private sealed record Delivery(string Head, string Body);

    /// <summary>Somebody's endpoint. What it is told once more, because its answer came too late, it knows already.</summary>
    private sealed class Sink : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        private readonly WebApplication app;
        private readonly Channel<Delivery> deliveries = Channel.CreateUnbounded<Delivery>();
        private readonly ConcurrentDictionary<string, bool> told = new();

        private Sink()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            app = builder.Build();
            app.MapPost("/", async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                var head = string.Concat(request.Headers.Select(header => $"{header.Key}: {header.Value}\r\n"));
                var body = await reader.ReadToEndAsync();
                if (told.TryAdd(body, true))
                {
                    deliveries.Writer.TryWrite(new Delivery(head, body));
                }
            });
        }

        public string Address => app.Urls.First() + "/";

        public static async Task<Sink> Start()
        {
            var sink = new Sink();
            await sink.app.StartAsync();
            return sink;
        }

        public Task<Delivery> Next() => deliveries.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
