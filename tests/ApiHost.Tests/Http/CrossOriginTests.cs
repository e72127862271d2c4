using System.Net;
using System.Text.Json.Nodes;
using OpenBitum.Http;
using OpenBitum.Settings;
using Xunit;

namespace OpenBitum.Tests.Http;

/// <summary>Pages of other origins, as their browsers ask.</summary>
public sealed class CrossOriginTests
{
    private const string Shop = "https://www.shop.example";
    private const string Local = "http://localhost:3000";

    public static TheoryData<string, string> Preflights => new()
    {
        { "/api/checkout/initiate", "POST" },
        { "/portalpay/api/checkout/initiate", "POST" },
        { "/api/products", "GET" },
        { "/api/merchant/products", "POST" },
        { "/api/merchant/products/prd_x", "PATCH" },
        { "/api/nothing/there", "GET" },
        { "/healthz", "GET" },
    };

    [Theory]
    [MemberData(nameof(Preflights))]
    public async Task A_preflight_of_a_configured_origin_is_answered_for_every_path(string path, string method)
    {
        await using var server = await Start();

        foreach (var origin in new[] { Shop, Local })
        {
            var preflight = await Preflight(server, path, origin, method);

            Assert.Equal((HttpStatusCode.NoContent, ""), (preflight.Status, preflight.Body));
            Assert.Equal(origin, preflight.Headers["Access-Control-Allow-Origin"]);
            Assert.Contains(method, Listed(preflight, "Access-Control-Allow-Methods"));
            Assert.Equal(
                ["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID", "Ocp-Apim-Subscription-Key"],
                Listed(preflight, "Access-Control-Allow-Headers").Order(StringComparer.Ordinal));
            Assert.Equal("600", preflight.Headers["Access-Control-Max-Age"]);
            Assert.Contains("Origin", Listed(preflight, "Vary"));
            Assert.NotEmpty(preflight.Headers["X-Request-Id"]);
            Assert.DoesNotContain("Access-Control-Allow-Credentials", preflight.Headers.Keys);
        }
    }

    public static TheoryData<string> Strangers =>
    [
        "https://evil.example", "null", "*", "", Shop + "/", Shop + ".evil.example", "https://evil-www.shop.example", "http://www.shop.example",
        Shop + ":443", "https://WWW.shop.example", $"{Shop},{Local}", "https://shop.example", "http://localhost:3001", "file://",
    ];

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Another_origin_gets_no_word_of_it(string origin)
    {
        await using var server = await Start();

        var preflight = await Preflight(server, "/api/products", origin, "GET");
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "method_not_allowed"), (preflight.Status, preflight.Error));
        Assert.DoesNotContain(preflight.Headers.Keys, IsCors);

        var read = await server.Get("/api/products", null, ("Origin", origin));
        Assert.Equal(HttpStatusCode.OK, read.Status);
        Assert.DoesNotContain(read.Headers.Keys, IsCors);
        Assert.Contains("Origin", Listed(read, "Vary"));
    }

    [Fact]
    public async Task Two_origins_in_two_lines_are_nobodys()
    {
        await using var server = await Start();

        var read = await server.Get("/api/products", null, ("Origin", Shop), ("Origin", "https://evil.example"));

        Assert.DoesNotContain(read.Headers.Keys, IsCors);
    }

    [Fact]
    public async Task Without_origins_nothing_is_said_and_a_preflight_is_a_method_like_another()
    {
        await using var server = await ApiServer.Start();

        var preflight = await Preflight(server, "/api/products", Shop, "GET");
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "method_not_allowed"), (preflight.Status, preflight.Error));
        var read = await server.Get("/api/products", null, ("Origin", Shop));

        foreach (var reply in new[] { preflight, read })
        {
            Assert.DoesNotContain(reply.Headers.Keys, IsCors);
            Assert.DoesNotContain("Origin", Listed(reply, "Vary"));
        }
    }

    [Fact]
    public async Task OPTIONS_that_is_no_preflight_is_a_method_that_does_not_exist()
    {
        await using var server = await Start();

        var bare = await server.Send(HttpMethod.Options, "/api/products", null);
        var half = await server.Send(HttpMethod.Options, "/api/products", null, null, ("Origin", Shop));

        Assert.Equal("method_not_allowed", bare.Error);
        Assert.Equal("method_not_allowed", half.Error);
        Assert.Equal(Shop, half.Headers["Access-Control-Allow-Origin"]);
    }

    [Theory]
    [InlineData("GET", "/api/products", null, 200)]
    [InlineData("HEAD", "/api/products", null, 200)]
    [InlineData("GET", "/portalpay/api/products", null, 200)]
    [InlineData("GET", "/api/products/prd_x", null, 404)]
    [InlineData("GET", "/api/nothing", null, 404)]
    [InlineData("GET", "/API/products", null, 404)]
    [InlineData("PUT", "/api/products", null, 405)]
    [InlineData("GET", "/api/products?x=1", null, 422)]
    [InlineData("POST", "/api/checkout/initiate", "{", 400)]
    [InlineData("POST", "/api/checkout/initiate", "{}", 422)]
    [InlineData("POST", "/api/merchant/products", "{}", 401)]
    public async Task A_page_may_read_every_answer_refusals_too(string method, string path, string? body, int status)
    {
        await using var server = await Start();

        var reply = await server.Send(
            new HttpMethod(method), path, body is null ? null : ApiServer.Json(body), null, ("Origin", Shop));

        Assert.Equal(status, (int)reply.Status);
        if (path.StartsWith("/API", StringComparison.Ordinal))
        {
            // Nothing of ours is there, and nothing is said.
            Assert.DoesNotContain(reply.Headers.Keys, IsCors);
            return;
        }

        Assert.Equal(Shop, reply.Headers["Access-Control-Allow-Origin"]);
        Assert.Superset(
            new HashSet<string>
            {
                "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After", "X-Request-Id", "ETag", "Location",
                "Idempotent-Replayed", "WWW-Authenticate",
            },
            Listed(reply, "Access-Control-Expose-Headers").ToHashSet());
        Assert.DoesNotContain("Access-Control-Allow-Credentials", reply.Headers.Keys);
        Assert.Contains("Origin", Listed(reply, "Vary"));
    }

    [Fact]
    public async Task A_page_of_another_origin_sells_by_token_and_not_by_cookie()
    {
        await using var server = await Start();
        var token = server.Admin();
        var product = new JsonObject { ["name"] = "x", ["price"] = new JsonObject { ["amount"] = "1.00", ["currency"] = "USD" } };

        var byToken = await server.Post("/api/merchant/products", product, token, ("Origin", Shop));
        Assert.Equal((HttpStatusCode.Created, Shop), (byToken.Status, byToken.Headers["Access-Control-Allow-Origin"]));

        var session = await server.Get("/api/auth/session", token);
        var byCookie = await server.Post("/api/merchant/products", product, null,
            ("Origin", Shop), ("Cookie", $"cb_auth_token={token}"), ("X-CSRF-Token", session.Text("csrfToken")));
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (byCookie.Status, byCookie.Error));

        var signIn = await server.Post("/api/auth/session", new JsonObject(), token, ("Origin", Shop));
        Assert.Equal(HttpStatusCode.Forbidden, signIn.Status);
        Assert.DoesNotContain("Set-Cookie", signIn.Headers.Keys);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/checkout/ord_x")]
    public async Task Pages_are_not_called_by_other_pages(string path)
    {
        await using var server = await Start();

        Assert.DoesNotContain((await server.Get(path, null, ("Origin", Shop))).Headers.Keys, IsCors);
        Assert.NotEqual(HttpStatusCode.NoContent, (await Preflight(server, path, Shop, "GET")).Status);
    }

    [Theory]
    [InlineData("*", "one origin such as https://shop.example")]
    [InlineData("null", "one origin such as")]
    [InlineData("shop.example", "one origin such as")]
    [InlineData("https://*.shop.example", "one origin such as")]
    [InlineData("https://user@shop.example", "one origin such as")]
    [InlineData("ftp://shop.example", "one origin such as")]
    [InlineData("https://shop.example/", "write https://shop.example.")]
    [InlineData("https://shop.example/path?x", "write https://shop.example.")]
    [InlineData("https://shop.example:443", "write https://shop.example.")]
    [InlineData("http://shop.example:80", "write http://shop.example.")]
    [InlineData("https://Shop.Example", "write https://shop.example.")]
    [InlineData("HTTPS://shop.example", "write https://shop.example.")]
    [InlineData(" https://shop.example", "write https://shop.example.")]
    [InlineData("https://käse.example", "write https://xn--kse-qla.example.")]
    public void An_origin_that_no_browser_sends_is_refused_and_the_message_says_what_to_write(string origin, string message)
    {
        var problem = Assert.Single(new CrossOriginOptions { Origins = [Shop, origin] }.Check("Cors"));

        Assert.Equal("Cors:Origins:1", problem.Key);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://shop.example")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080")]
    [InlineData("https://xn--kse-qla.example")]
    public void An_origin_as_browsers_send_it_is_taken(string origin) =>
        Assert.Empty(new CrossOriginOptions { Origins = [origin] }.Check("Cors"));

    [Fact]
    public void A_hundred_origins_are_taken_and_one_more_is_not()
    {
        Assert.Empty(new CrossOriginOptions { Origins = [.. Enumerable.Repeat(Shop, 100)] }.Check("Cors"));
        Assert.Equal("Cors:Origins: has 101 entries; write 100 at most.",
            Assert.Single(new CrossOriginOptions { Origins = [.. Enumerable.Repeat(Shop, 101)] }.Check("Cors")).ToString());
    }

    [Fact]
    public async Task A_wrong_origin_stops_the_start()
    {
        var refused = await Assert.ThrowsAsync<SettingsRefusedException>(() => ApiServer.Start(new() { ["Cors:Origins:0"] = "*" }));

        Assert.StartsWith("Cors:Origins:0: is '*'; write one origin", refused.Message, StringComparison.Ordinal);
    }

    private static Task<ApiServer> Start() => ApiServer.Start(new() { ["Cors:Origins:0"] = Shop, ["Cors:Origins:1"] = Local });

    private static Task<Reply> Preflight(ApiServer server, string path, string origin, string method) => server.Send(
        HttpMethod.Options, path, null, null,
        ("Origin", origin), ("Access-Control-Request-Method", method),
        ("Access-Control-Request-Headers", "content-type,idempotency-key,authorization"));

    private static bool IsCors(string header) => header.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase);

    private static string[] Listed(Reply reply, string header) =>
        reply.Headers.GetValueOrDefault(header, "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
