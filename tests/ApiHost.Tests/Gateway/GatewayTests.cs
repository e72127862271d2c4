using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenBitum.Tests.Gateway;

/// <summary>The host behind a real Caddy with the Caddyfile that is handed out.</summary>
public sealed class GatewayTests : IClassFixture<Gateway>
{
    private const string Client = "127.0.0.7";

    private readonly Gateway gateway;
    private readonly ApiServer server;
    private readonly HttpClient client;

    public GatewayTests(Gateway gateway)
    {
        if (Caddy.Missing is not null)
        {
            Assert.Skip(Caddy.Missing);
        }

        this.gateway = gateway;
        server = gateway.Server;
        client = gateway.Client;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sale_goes_through_and_past_the_gateway_nothing_does()
    {
        var token = server.Admin();
        var product = await Send("POST", "/api/merchant/products",
            """{"name":"Course","price":{"amount":"19.90","currency":"USD"}}""", ("Authorization", $"Bearer {token}"));
        Assert.Equal(HttpStatusCode.Created, product.Status);

        var order = await Send("POST", "/portalpay/api/checkout/initiate",
            new JsonObject { ["productId"] = product.Text("id"), ["email"] = "buyer@example.com" }.ToJsonString());
        Assert.Equal(HttpStatusCode.Created, order.Status);
        Assert.StartsWith($"{Caddy.Address}/checkout/ord_", order.Text("checkoutUrl"), StringComparison.Ordinal);

        var page = await Send("GET", new Uri(order.Text("checkoutUrl")).AbsolutePath);
        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (page.Status, page.Headers["Content-Type"]));

        foreach (var path in new[] { "/api/products", "/portalpay/api/products", "/sign-in", "/openapi/v1.json" })
        {
            Assert.Equal(HttpStatusCode.OK, (await Send("GET", path)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await server.Get(path)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await server.Get(path, null, ("x-edge-secret", "guess"))).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await Send("GET", "/healthz/ready")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get("/healthz/ready")).Status);
    }

    [Fact]
    public async Task What_a_client_says_about_itself_does_not_reach_the_host()
    {
        var reply = await Send("GET", "/api/products", null,
            ("x-edge-secret", "mine"), ("X-EDGE-SECRET", "mine too"), ("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-For", "127.0.0.1"),
            ("X-Forwarded-Proto", "http"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "/evil"), ("X-Real-IP", "1.2.3.4"),
            ("Forwarded", "for=1.2.3.4"), ("X-Original-For", "1.2.3.4"), ("x-wallet", "0xabc"), ("X-Wallet-Address", "0xabc"));

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        var seen = gateway.Seen["/api/products"];
        Assert.Equal((Client, "https", Caddy.Host), (seen.Client, seen.Scheme, seen.Host));
        Assert.Equal(Gateway.Secret, seen.Headers["x-edge-secret"]);
        foreach (var name in seen.Headers.Keys)
        {
            Assert.DoesNotMatch("(?i)^(x-wallet.*|x-real-ip|forwarded|x-forwarded-prefix)$", name);
            Assert.DoesNotMatch("1\\.2\\.3\\.4|evil|0xabc", seen.Headers[name]);
        }
    }

    [Fact]
    public async Task Whoever_has_the_secret_but_is_no_proxy_is_not_believed_about_the_client()
    {
        // 127.0.0.8 is loopback too, and not the trusted address.
        using var direct = From("127.0.0.8");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/shop/x");
        request.Headers.Add("x-edge-secret", Gateway.Secret);
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await direct.SendAsync(request, Stop);

        var seen = gateway.Seen["/api/shop/x"];
        Assert.Equal(("127.0.0.8", "http"), (seen.Client, seen.Scheme));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/admin")]
    [InlineData("/metrics")]
    [InlineData("/api")]
    [InlineData("/portalpay/sign-in")]
    [InlineData("/data/openbitum.db")]
    [InlineData("/apix/products")]
    [InlineData("/config/")]
    public async Task What_the_host_does_not_serve_is_not_even_asked_of_it(string path)
    {
        var missing = await Send("GET", path);

        Assert.Equal((HttpStatusCode.NotFound, """{"error":"not_found"}"""), (missing.Status, missing.Body));
        Assert.DoesNotContain("Server", missing.Headers.Keys);
        Assert.DoesNotContain(path, gateway.Seen.Keys);
    }

    [Theory]
    [InlineData("/API/products")]
    [InlineData("/api//products")]
    [InlineData("/api/products/")]
    [InlineData("/api/%2e%2e/api/nothing")]
    [InlineData("/portalpay/portalpay/api/products")]
    public async Task Another_spelling_of_a_path_is_not_found_here_either(string path)
    {
        var missing = await Send("GET", path);

        Assert.Equal((HttpStatusCode.NotFound, """{"error":"not_found"}"""), (missing.Status, missing.Body));
    }

    [Fact]
    public async Task Answers_carry_the_headers_of_a_public_host_and_no_name_of_a_server()
    {
        foreach (var path in new[] { "/api/products", "/api/nothing", "/sign-in", "/healthz" })
        {
            var reply = await Send("GET", path);
            Assert.Equal("max-age=31536000", reply.Headers["Strict-Transport-Security"]);
            Assert.Equal("nosniff", reply.Headers["X-Content-Type-Options"]);
            Assert.Contains("frame-ancestors 'none'", reply.Headers["Content-Security-Policy"], StringComparison.Ordinal);
            Assert.NotEmpty(reply.Headers["X-Request-Id"]);
            Assert.DoesNotContain("Server", reply.Headers.Keys);
            Assert.DoesNotContain("X-Powered-By", reply.Headers.Keys);
        }
    }

    [Fact]
    public async Task The_cookie_of_a_session_is_for_TLS_only()
    {
        var session = await Send("POST", "/api/auth/session", "{}", ("Authorization", $"Bearer {server.Admin()}"), ("Origin", Caddy.Address));

        Assert.Equal(HttpStatusCode.OK, session.Status);
        Assert.Contains("; secure", session.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; httponly", session.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);

        var foreign = await Send("POST", "/api/auth/session", "{}",
            ("Authorization", $"Bearer {server.Admin()}"), ("Origin", "https://evil.example"), ("X-Forwarded-Host", "evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.Status);
    }

    [Fact]
    public async Task Plain_http_is_sent_to_TLS()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{Caddy.Host}/api/products");
        using var answer = await client.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.PermanentRedirect, answer.StatusCode);
        Assert.Equal("https", answer.Headers.Location!.Scheme);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_in_the_hosts_words()
    {
        var refused = await Send("POST", "/api/checkout/initiate", $$"""{"x":"{{new string('a', 256 * 1024)}}"}""");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "payload_too_large"), (refused.Status, refused.Error));
    }

    [Fact]
    public async Task Answers_are_compressed_for_who_takes_it()
    {
        var zipped = await Send("GET", "/openapi/v1.json", null, ("Accept-Encoding", "gzip"));
        Assert.Equal("gzip", zipped.Headers["Content-Encoding"]);

        Assert.DoesNotContain("Content-Encoding", (await Send("GET", "/openapi/v1.json")).Headers.Keys);
    }

    [Fact]
    public async Task An_event_leaves_before_the_next_is_there()
    {
        var product = await Send("POST", "/api/merchant/products",
            """{"name":"Course","price":{"amount":"19.90","currency":"USD"}}""", ("Authorization", $"Bearer {server.Admin()}"));
        var order = await Send("POST", "/api/checkout/initiate",
            new JsonObject { ["productId"] = product.Text("id"), ["email"] = "buyer@example.com" }.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/orders/{order.Text("orderId")}/events");
        request.Headers.Add("Accept-Encoding", "gzip");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Stop), Encoding.UTF8);
        await ReadUntil("\"status\":\"pending\"");

        // Paid only now: had anything on the way waited for more, the first event would never have been read.
        await Send("POST", "/api/sandbox/pay", new JsonObject { ["orderId"] = order.Text("orderId") }.ToJsonString());
        await ReadUntil("\"status\":\"paid\"");

        async Task ReadUntil(string text)
        {
            while (await reader.ReadLineAsync(Stop) is var line && line?.Contains(text, StringComparison.Ordinal) != true)
            {
                Assert.True(line is not null, $"The stream ended before {text}.");
            }
        }
    }

    [Fact]
    public async Task A_host_that_is_down_is_unavailable_in_the_contracts_words_and_nothing_tells_the_secret()
    {
        await using var lonely = await Caddy.Start(Gateway.NobodysAddress, Gateway.Secret);
        using var caller = lonely.Client();
        using var answer = await caller.GetAsync("/api/products", Stop);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("1", answer.Headers.GetValues("Retry-After").Single());
        Assert.Equal("unavailable", JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["error"]!.GetValue<string>());
        Assert.DoesNotContain("Server", answer.Headers.Select(header => header.Key));

        // Caddy keeps its configuration in a file; the secret is looked up when a request is stamped, and is not in it.
        Assert.Contains(lonely.Files, file => file.Contains("reverse_proxy", StringComparison.Ordinal));
        Assert.DoesNotContain(lonely.Files.Append(lonely.Output), text => text.Contains(Gateway.Secret, StringComparison.Ordinal));
    }

    private HttpClient From(string address) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, stop) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address).MapToIPv6(), 0));
            await socket.ConnectAsync(context.DnsEndPoint, stop);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri(server.Address),
    };

    private async Task<Reply> Send(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : ApiServer.Json(body),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, Stop);
        return new Reply(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(Stop),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }
}
