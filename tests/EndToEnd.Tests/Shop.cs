using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.EndToEnd;

/// <summary>The merchant and the buyers, over HTTP only.</summary>
internal sealed class Shop : IDisposable
{
    private const string Initiate = "/api/checkout/initiate";

    private readonly HttpClient merchant;
    private readonly HttpClient buyer;

    public Shop(Uri address, string token)
    {
        merchant = new HttpClient(new RecordingClient(ExchangeLog.Current)) { BaseAddress = address };
        merchant.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        buyer = new HttpClient(new RecordingClient(ExchangeLog.Current)) { BaseAddress = address };
    }

    public Task<JsonNode> SetWallet(string chain, string key) => Post(merchant, "/api/merchant/wallets", new { chain, xpub = key }, HttpStatusCode.Created);

    public async Task<string> CreateProduct(string amount, string currency, int? ttlSeconds = null, int? stock = null)
    {
        var product = await Post(
            merchant,
            "/api/merchant/products",
            new JsonObject
            {
                ["name"] = "Course 101",
                ["price"] = new JsonObject { ["amount"] = amount, ["currency"] = currency },
                ["stock"] = stock,
                ["ttlSeconds"] = ttlSeconds,
                ["entitlements"] = new JsonArray(new JsonObject { ["handler"] = "record", ["key"] = "course-101" }),
            },
            HttpStatusCode.Created);
        return (string)product["id"]!;
    }

    public async Task<string> Subscribe(Uri url)
    {
        var webhook = await Post(merchant, "/api/merchant/webhooks", new { url, events = new[] { "*" } }, HttpStatusCode.Created);
        return (string)webhook["secret"]!;
    }

    public async Task<string> Checkout(string productId)
    {
        var order = await Post(buyer, Initiate, new { productId, email = "buyer@example.com" }, HttpStatusCode.Created);
        return (string)order["orderId"]!;
    }

    /// <summary>As a client that repeats itself: told that the request before is still at work, it asks again.</summary>
    public async Task<string> Checkout(string productId, string idempotencyKey)
    {
        var order = await Eventually.Reads(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, Initiate)
                {
                    Content = JsonContent.Create(new { productId, email = "buyer@example.com" }),
                };
                request.Headers.Add("Idempotency-Key", idempotencyKey);
                using var answer = await buyer.SendAsync(request);
                return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            },
            order => (string?)order["error"] != "idempotency_in_progress");
        return (string?)order["orderId"] ?? throw new InvalidOperationException($"POST {Initiate} answered {order.ToJsonString()}");
    }

    public async Task<HttpStatusCode> TryCheckout(string productId)
    {
        using var answer = await buyer.PostAsJsonAsync(Initiate, new { productId, email = "buyer@example.com" });
        return answer.StatusCode;
    }

    public async Task<JsonNode> Product(string productId) => JsonNode.Parse(await buyer.GetStringAsync($"/api/products/{productId}"))!;

    public async Task<JsonNode> Order(string orderId) => JsonNode.Parse(await buyer.GetStringAsync($"/api/orders/{orderId}"))!;

    public async Task<JsonNode> MerchantOrder(string orderId) => JsonNode.Parse(await merchant.GetStringAsync($"/api/merchant/orders/{orderId}"))!;

    public async Task<JsonNode> Entitlements(string customerToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/customer/entitlements?limit=100");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", customerToken);
        using var answer = await buyer.SendAsync(request);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    public void Dispose()
    {
        merchant.Dispose();
        buyer.Dispose();
    }

    private static async Task<JsonNode> Post(HttpClient client, string path, object body, HttpStatusCode expected)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"POST {path} answered {(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }
}
