using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenBitum.Tests.Site;

public sealed class SiteTests(SharedServer shared)
{
    private const string Path = "/api/site/config";

    /// <summary>The body of the source document, as it stands there.</summary>
    private const string Example =
        """
        {
          "theme": {
            "primaryColor": "#1f2937",
            "secondaryColor": "#F54029",
            "brandLogoUrl": "/cblogod.png",
            "brandFaviconUrl": "/favicon-32x32.png",
            "brandName": "PortalPay",
            "fontFamily": "Inter, ui-sans-serif, system-ui",
            "receiptBackgroundUrl": "/manifest.webmanifest"
          },
          "defaultPaymentToken": "ETH",
          "processingFeePct": 1.0
        }
        """;

    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task The_source_documents_example_is_taken_and_read_back_letter_for_letter()
    {
        await using var own = await ApiServer.Start();
        var expected = string.Concat(Example.Split('\n').Select(line => line.Trim())).Replace("\": ", "\":", StringComparison.Ordinal);

        var changed = await own.Send(HttpMethod.Post, Path, ApiServer.Json(Example), own.Token(["operator"]));

        Assert.Equal($$"""{"ok":true,"config":{{expected}}}""", changed.Body);
        foreach (var path in new[] { Path, "/portalpay" + Path })
        {
            Assert.Equal(expected, (await own.Get(path)).Body);
        }

        await own.Restart();
        Assert.Equal(expected, (await own.Get(Path)).Body);
    }

    [Fact]
    public async Task The_defaults_are_the_instances_own()
    {
        var site = await server.Get(Path);

        Assert.Equal(HttpStatusCode.OK, site.Status);
        Assert.Equal("OpenBitum", site.Text("theme.brandName"));
        Assert.Equal("SANDBOX", site.Text("defaultPaymentToken"));
        Assert.True(site.Json.AsObject().TryGetPropertyValue("processingFeePct", out var pct) && pct is null);
        Assert.False(site.Json.AsObject().ContainsKey("reserveRatios"));
        Assert.Equal(HttpStatusCode.NotModified, (await server.Get(Path, null, ("If-None-Match", site.Headers["ETag"]))).Status);
    }

    [Fact]
    public async Task Only_the_operator_writes()
    {
        var body = new JsonObject { ["processingFeePct"] = 100 };
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Post(Path, body)).Status);
        foreach (var role in new[] { "admin", "customer" })
        {
            var refused = await server.Post(Path, body, server.Token([role]));
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
            Assert.Equal("forbidden", refused.Error);
        }

        Assert.Null((await server.Get(Path)).Json["processingFeePct"]);
    }

    [Fact]
    public async Task Changes_merge_and_survive_one_another()
    {
        await using var own = await ApiServer.Start();
        var token = own.Token(["operator"]);
        var bodies = new[]
        {
            """{"theme":{"brandName":"Ours"}}""", """{"theme":{"primaryColor":"#000000"}}""", """{"processingFeePct":2.5}""",
            """{"reserveRatios":{"ETH":0.25}}""", """{"reserveRatios":{"USDC":0.75}}""", """{"defaultPaymentToken":"USDC"}""",
        };
        var tags = await Task.WhenAll(bodies.Select(async body =>
            (await own.Send(HttpMethod.Post, Path, ApiServer.Json(body), token)).Headers["ETag"]));

        var site = await own.Get(Path);
        Assert.Equal("""{"ETH":0.25,"USDC":0.75}""", site.Text("reserveRatios"));
        Assert.Equal("2.5", site.Text("processingFeePct"));
        Assert.Equal("USDC", site.Text("defaultPaymentToken"));
        Assert.Equal(("Ours", "#000000"), (site.Text("theme.brandName"), site.Text("theme.primaryColor")));
        Assert.Contains(site.Headers["ETag"], tags);

        var over = await own.Post(Path, JsonNode.Parse("""{"reserveRatios":{"SANDBOX":0.00000001}}""")!, token);
        Assert.Equal(["reserveRatios out_of_range"], over.Details);

        var stale = await own.Send(HttpMethod.Post, Path, ApiServer.Json("{}"), token, ("If-Match", "\"stale\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);
        var cleared = await own.Send(
            HttpMethod.Post, Path, ApiServer.Json("""{"reserveRatios":{"ETH":null},"processingFeePct":null}"""), token,
            ("If-Match", site.Headers["ETag"]));
        Assert.Equal("""{"USDC":0.75}""", cleared.Text("config.reserveRatios"));
        Assert.Null(cleared.Json["config"]!["processingFeePct"]);
        cleared = await own.Post(Path, JsonNode.Parse("""{"reserveRatios":null}""")!, token);
        Assert.False(cleared.Json["config"]!.AsObject().ContainsKey("reserveRatios"));
    }

    [Theory]
    [InlineData("1.00000", "1")]
    [InlineData("100.0000000000000000000000000000000000", "100")]
    [InlineData("2.50000000", "2.5")]
    [InlineData("25e-1", "2.5")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0e-999999999999", "0")]
    public async Task A_number_is_taken_by_its_value_however_it_is_written(string written, string expected)
    {
        await using var own = await ApiServer.Start();
        var token = own.Token(["operator"]);
        var changed = await own.Send(HttpMethod.Post, Path, ApiServer.Json($$"""{"processingFeePct":{{written}}}"""), token);

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), decimal.Parse(changed.Text("config.processingFeePct"), CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("""{"processingFeePct":1.00001}""", "processingFeePct out_of_range")]
    [InlineData("""{"processingFeePct":1.00000000000000000000000000001}""", "processingFeePct out_of_range")]
    [InlineData("""{"processingFeePct":1e-999999999999}""", "processingFeePct out_of_range")]
    [InlineData("""{"processingFeePct":1e400}""", "processingFeePct out_of_range")]
    [InlineData("""{"processingFeePct":"1"}""", "processingFeePct wrong_type")]
    [InlineData("""{"processingFeePct":1e-30}""", "processingFeePct out_of_range")]
    [InlineData("""{"reserveRatios":{"ETH":"all"}}""", "reserveRatios.ETH wrong_type")]
    [InlineData("""{"reserveRatios":[]}""", "reserveRatios wrong_type")]
    [InlineData("""{"reserveRatios":{"GOLD":0.1}}""", "reserveRatios bad_format")]
    [InlineData("""{"defaultPaymentToken":null}""", "defaultPaymentToken bad_format")]
    [InlineData("""{"defaultPaymentToken":"BTC"}""", "defaultPaymentToken bad_format")]
    [InlineData("""{"theme":{"brandName":""}}""", "theme.brandName required")]
    [InlineData("""{"theme":{"brandFaviconUrl":"javascript:alert(1)"}}""", "theme.brandFaviconUrl bad_format")]
    [InlineData("""{"theme":{"textColor":"#000000"}}""", "theme.textColor unknown_field")]
    public async Task A_wrong_value_is_refused_by_its_name(string body, string problem)
    {
        var refused = await server.Send(HttpMethod.Post, Path, ApiServer.Json(body), server.Token(["operator"]));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal([problem], refused.Details);
    }
}
