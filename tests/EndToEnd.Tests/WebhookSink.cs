using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenBitum.EndToEnd;

/// <summary>A merchant's endpoint: keeps what it is sent, and verifies both signatures as a merchant would, with code of its own.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ConcurrentQueue<Received> received = new();

    private WebhookSink(WebApplication application) => this.application = application;

    public sealed record Received(string Id, string Type, JsonNode Body, string Text, bool Verified)
    {
        public string? OrderId => (string?)Body["data"]?["orderId"];

        public long Sequence => (long)Body["data"]!["sequence"]!;
    }

    /// <summary>The key of `whsec_…`; set once the subscription has told it.</summary>
    public string Secret { get; set; } = "";

    public Uri Address => new(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hooks");

    public IReadOnlyCollection<Received> All => received;

    public static async Task<WebhookSink> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new WebhookSink(builder.Build());
        sink.application.MapPost("/hooks", sink.Receive);
        await sink.application.StartAsync();
        return sink;
    }

    /// <summary>What was told of one order, each event once however often it was delivered, in the order of first arrival.</summary>
    public IReadOnlyList<Received> Of(string orderId) =>
        [.. received.Where(item => item.OrderId == orderId).DistinctBy(item => item.Id)];

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task<IResult> Receive(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        var body = JsonNode.Parse(text)!;
        received.Enqueue(new Received((string)body["id"]!, (string)body["type"]!, body, text, Verify(request.Headers, text)));
        return Results.Ok();
    }

    private bool Verify(IHeaderDictionary headers, string text)
    {
        var key = Convert.FromBase64String(Secret["whsec_".Length..]);
        var plain = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        var signed = $"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{text}";
        var standard = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
        return headers["x-openbitum-signature"] == plain && headers["webhook-signature"].ToString().Split(' ').Contains(standard);
    }
}
