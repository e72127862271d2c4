using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenBitum.Tests.Settings;

public sealed class PublicAddressTests
{
    [Fact]
    public async Task Behind_a_public_address_there_is_no_sandbox_unless_it_is_asked_for()
    {
        await using var server = await ApiServer.Start(new() { ["PublicBaseUrl"] = "https://shop.example" });

        foreach (var call in new[] { "pay", "mine", "reorg", "replace", "drop" })
        {
            var missing = await server.Post($"/api/sandbox/{call}", new JsonObject());
            Assert.Equal((HttpStatusCode.NotFound, """{"error":"not_found"}"""), (missing.Status, missing.Body));
        }

        var refused = await server.Post(
            "/api/merchant/wallets", new JsonObject { ["chain"] = "BTC", ["xpub"] = "x" }, server.Admin());
        Assert.Equal(["chain bad_format"], refused.Details);
        Assert.Contains("follows no chain yet", refused.Body, StringComparison.Ordinal);

        var plain = await server.Post("/api/merchant/webhooks",
            new JsonObject { ["url"] = "http://127.0.0.1:9000/", ["events"] = new JsonArray("*") }, server.Admin());
        Assert.Equal(["url unsafe_url"], plain.Details);
        Assert.Equal("max-age=31536000", (await server.Get("/healthz")).Headers["Strict-Transport-Security"]);
    }
}
