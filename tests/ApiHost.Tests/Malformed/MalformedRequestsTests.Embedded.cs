using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Tests.Hosting;
using OpenBitum.Tests.Http;
using Xunit;

namespace OpenBitum.Tests.Malformed;

/// <summary>
/// Thousands of requests that are wrong in one place each, made from the document that the host serves, at every route of it. Seeded:
/// a run that failed is repeated with OPENBITUM_SEED.
/// </summary>
public sealed class MalformedRequestsTests : IAsyncLifetime
{
    private const int Fewest = 5_000;
    private const int Together = 12;
    private const string Merchant = "malformed";

    private readonly Seed seed = Seed.OfThisRun();
    private ApiServer server = null!;
    private string product = "";
    private string order = "";
    private Dictionary<string, string> ids = [];

    /// <summary>One of each thing that a path can name, so that a request which is let through would find something to change.</summary>
    public async ValueTask InitializeAsync()
    {
        // The clock stands: what is stored meanwhile, a request has stored, and no reminder that has come round.
        server = await ApiServer.Start(replace: services => services.AddSingleton<TimeProvider>(new ManualClock()));
        product = await server.NewProduct(Merchant, new JsonObject { ["stock"] = 1_000_000 });
        order = await server.NewOrder(product);
        var customer = (await server.Get($"/api/merchant/orders/{order}", server.Admin(Merchant))).Text("customerId");
        var webhook = await server.Post(
            "/api/merchant/webhooks", JsonNode.Parse("""{"url":"https://shop.example/x","events":["order.paid"]}""")!, server.Admin(Merchant));
        var key = await server.Post("/api/merchant/keys", JsonNode.Parse("""{"name":"x","scopes":["orders:read"]}""")!, server.Admin(Merchant));
        ids = new()
        {
            ["products"] = product,
            ["orders"] = order,
            ["checkout"] = order,
            ["customers"] = customer,
            ["webhooks"] = webhook.Text("id"),
            ["keys"] = key.Text("id"),
            ["deliveries"] = "dlv_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        };
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Thousands_of_malformed_requests_are_refused_as_specified_and_store_nothing()
    {
        var document = (await server.Get("/openapi/v1.json")).Json.AsObject();
        var faults = Faults(new CallBook(document), document);
        Assert.True(faults.Count >= Fewest, $"Only {faults.Count} requests; {seed}");

        var before = await StoredRows.Of(server);
        Assert.Contains(before, row => row.Contains(order, StringComparison.Ordinal));
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(
            faults,
            new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = TestContext.Current.CancellationToken },
            async (fault, _) =>
            {
                if (await Judge(fault) is { } problem)
                {
                    wrong.Enqueue(problem);
                }
            });

        var after = await StoredRows.Of(server);
        Assert.True(
            wrong.IsEmpty,
            $"{wrong.Count} of {faults.Count} were not refused as specified; {seed}\n{string.Join("\n", wrong.Order().Take(60))}");
        var changes = after.Except(before).Select(row => $"+ {row}").Concat(before.Except(after).Select(row => $"- {row}")).Take(40).ToArray();
        Assert.True(changes.Length == 0, $"Something was stored; {seed}\n{string.Join("\n", changes)}");
    }

    /// <summary>Rounds over all calls until there are enough; the seed makes each round another.</summary>
    private List<Fault> Faults(CallBook book, JsonObject document)
    {
        var admin = server.Token(["admin", "operator"], Merchant, "buyer@example.com");
        var calls = book.Calls(IdIn, operation => NeedsCredential(operation) ? admin : null, Repair).ToArray();
        var methods = document["paths"]!.AsObject().ToDictionary(
            path => string.Join('/', path.Key.Split('/').Select(segment => segment.StartsWith('{') ? IdIn(path.Key) : segment)),
            path => path.Value!.AsObject().Select(item => item.Key.ToUpperInvariant()).ToArray());
        var faults = new List<Fault>();
        for (var round = 0; faults.Count < Fewest; round++)
        {
            foreach (var call in calls)
            {
                var request = new RequestFaults(call, seed);
                faults.AddRange(request.Bodies(withLarge: round == 0));
                faults.AddRange(request.Queries());
                faults.AddRange(request.Paths());
                faults.AddRange(request.Methods(methods[call.Good.Target]));
                faults.AddRange(request.Credentials(admin));
                faults.AddRange(request.Headers());
                if (call.BodySchema is not null)
                {
                    faults.AddRange(new FieldFaults(call, book, seed).All());
                }
            }
        }

        return faults;
    }

    private static bool NeedsCredential(JsonObject operation) =>
        operation["security"]!.AsArray() is { Count: > 0 } ways && ways.All(way => way!.AsObject().Count > 0);

    private string IdIn(string path) => ids[path.Split('/').TakeWhile(segment => !segment.StartsWith('{')).Last()];

    /// <summary>The document's examples name what exists in the document only.</summary>
    private void Repair(string call, JsonObject body)
    {
        if (body.ContainsKey("productId"))
        {
            body["productId"] = product;
        }

        if (body.ContainsKey("orderId"))
        {
            body["orderId"] = order;
        }
    }

    private async Task<string?> Judge(Fault fault)
    {
        await using var connection = await RawHttp.Connect(server);
        await connection.Write(fault.Request.Bytes());
        var answer = await connection.Read();
        if (answer is null)
        {
            return $"{fault.Kind}: no answer to {fault.Request}";
        }

        var said = Code(answer.Body) is { } code ? $"{answer.Status} {code}" : $"{answer.Status}";
        var isRight = fault.Answers.Contains(said) || fault.Answers.Contains($"{answer.Status}");
        var isQuiet = !answer.Body.Contains("   at ", StringComparison.Ordinal) && !answer.Body.Contains("Exception", StringComparison.Ordinal);
        return isRight && isQuiet
            ? null
            : $"{fault.Kind}: {said} instead of {string.Join(" or ", fault.Answers)} to {fault.Request}: "
                + answer.Body[..Math.Min(answer.Body.Length, 300)];
    }

    private static string? Code(string body)
    {
        try
        {
            return (string?)JsonNode.Parse(body)?["error"];
        }
        catch (Exception other) when (other is System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
