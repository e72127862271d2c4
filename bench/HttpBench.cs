using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OpenBitum.Bench;

/// <summary>F1, F2 and F8: checkouts, reading an order, start and memory, beside a bare Kestrel.</summary>
internal static class HttpBench
{
    private const int Connections = 64;

    /// <summary>
    /// The runtime compiles what a checkout goes through up to three times before it rests: 17,000 compilations and some eight seconds
    /// of a core, over by the ten thousandth checkout. A service runs for weeks, so its figure is taken behind that.
    /// </summary>
    private const int CheckoutsToWarm = 20_000;

    private const int RequestsToWarm = 100_000;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(6);

    public static async Task<IReadOnlyList<Row>> Run()
    {
        Load.Result barePost, bareGet;
        TimeSpan bareStart;
        long bareMemory;
        await using (var bare = await Server.StartBareKestrel())
        {
            bareStart = bare.FirstAnswer;
            bareMemory = bare.Resident;
            barePost = await Load.Run(
                bare.Port, Connections, RequestsToWarm, Duration, Load.Post("/post", """{"productId":"prd_0","email":"buyer@example.com"}"""));
            bareGet = await Load.Run(bare.Port, Connections, RequestsToWarm, Duration, Load.Get("/get"));
        }

        await using var host = await Server.StartApiHost();
        var idle = host.Resident;
        var (product, order) = await OpenShop(host);
        var checkout = Load.Post("/api/checkout/initiate", $$"""{"productId":"{{product}}","email":"buyer@example.com"}""");
        var cold = await Load.Run(host.Port, Connections, warmUp: 0, Duration, checkout);
        var post = await Load.Run(host.Port, Connections, CheckoutsToWarm, Duration, checkout);
        var get = await Load.Run(host.Port, Connections, RequestsToWarm, Duration, Load.Get($"/api/orders/{order}"));

        return
        [
            new Row("F1", "checkout/initiate, durable, 64 connections, one xPub", post.ToString(), $"bare Kestrel JSON POST {barePost}", Ratio(post.PerSecond, barePost.PerSecond)),
            new Row("F1", "the same in the first seconds after a start", cold.ToString(), $"bare Kestrel JSON POST {barePost}", Ratio(cold.PerSecond, barePost.PerSecond)),
            new Row("F2", "GET /api/orders/:id, 64 connections", get.ToString(), $"bare Kestrel JSON GET {bareGet}", Ratio(get.PerSecond, bareGet.PerSecond)),
            new Row("F8", "start to first ready answer", Milliseconds(host.FirstAnswer), $"bare Kestrel {Milliseconds(bareStart)}", Ratio(host.FirstAnswer.TotalSeconds, bareStart.TotalSeconds)),
            new Row("F8", "resident memory when idle", Megabytes(idle), $"bare Kestrel {Megabytes(bareMemory)}", Ratio(idle, bareMemory)),
        ];
    }

    private static async Task<(string Product, string Order)> OpenShop(Server host)
    {
        using var client = host.Client;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await host.Verb("token", "--role", "admin"));
        var product = await Post(client, "/api/merchant/products", new { name = "Course", price = new { amount = "19.90", currency = "USD" } });
        using var buyer = host.Client;
        var order = await Post(buyer, "/api/checkout/initiate", new { productId = (string)product["id"]!, email = "buyer@example.com" });
        return ((string)product["id"]!, (string)order["orderId"]!);
    }

    private static async Task<JsonNode> Post(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{path}: {text}");
    }

    private static string Ratio(double measured, double reference) => FormattableString.Invariant($"{measured / reference:0.00} x");

    private static string Milliseconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalMilliseconds:N0} ms");

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1_048_576.0:N0} MB");
}
