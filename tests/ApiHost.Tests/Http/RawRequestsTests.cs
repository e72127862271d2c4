using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace OpenBitum.Tests.Http;

/// <summary>Requests that no honest client can send: the bytes are written by hand.</summary>
public sealed class RawRequestsTests(SharedServer shared)
{
    private const string Checkout = "/api/checkout/initiate";

    private readonly ApiServer server = shared.Server;

    [Theory]
    // Dots and slashes in disguise lead to no other place.
    [InlineData("/api/x/../products", 404)]
    [InlineData("/api/x/%2e%2e/products", 404)]
    [InlineData("/../../api/products", 404)]
    [InlineData("/api/merchant/../../etc/passwd", 404)]
    [InlineData("/api/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404)]
    [InlineData("/api/x/%252e%252e/products", 404)]
    [InlineData("/api/x/..%2fproducts", 404)]
    [InlineData("/api/x/..;/products", 404)]
    [InlineData("/api%2fproducts", 404)]
    [InlineData("/api/%2fproducts", 404)]
    [InlineData("/api//products", 404)]
    [InlineData("//api/products", 404)]
    [InlineData("/api/./products", 404)]
    [InlineData("/api/products/.", 404)]
    [InlineData("/api/products/..", 404)]
    [InlineData("/api/products.", 404)]
    [InlineData("/api/products%20", 404)]
    [InlineData("/api/products;a=b", 404)]
    [InlineData("/api/products%3bx", 404)]
    [InlineData("/api/products%3fx=1", 404)]
    [InlineData("/api/products%23x", 404)]
    [InlineData("/api\\products", 404)]
    [InlineData("/api/..\\..\\products", 404)]
    [InlineData("/api/products%5c", 404)]
    [InlineData("/%61pi/products", 404)]
    [InlineData("/api/PRODUCTS", 404)]
    [InlineData("/api/product%73", 404)]
    // Bytes that are no text, and text that is no path.
    [InlineData("/api/products%00", 400)]
    [InlineData("/api/products%00.json", 400)]
    [InlineData("/api/products/%c0%ae%c0%ae/x", 404)]
    [InlineData("/api/products/%ff", 404)]
    [InlineData("/api/products/%ed%a0%80", 404)]
    [InlineData("/api/products/%", 404)]
    [InlineData("/api/products/%zz", 404)]
    [InlineData("/api/products/%u002e", 404)]
    [InlineData("/api/products/\u00e9", 400)]
    [InlineData("/api/products/%e2%80%ae", 404)]
    [InlineData("/api/products/%0d%0aX-Injected:%201", 404)]
    // Other forms of a target (RFC 9112 section 3.2).
    [InlineData("http://x/api/products", 200)]
    [InlineData("http://x/api/../api/products", 200)]
    [InlineData("http://evil.example/api/products", 400)]
    [InlineData("http://", 400)]
    [InlineData("ftp://x/api/products", 400)]
    [InlineData("*", 405)]
    [InlineData("api/products", 400)]
    [InlineData("x:443", 405)]
    [InlineData("", 400)]
    public async Task A_target_is_one_path_or_none(string target, int status)
    {
        var reply = await RawHttp.Send(server, $"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(status, reply.Status);
        Assert.Null(reply["X-Injected"]);
        if (status == 404)
        {
            Assert.Equal("""{"error":"not_found"}""", reply.Body);
        }
    }

    [Theory]
    [InlineData("CONNECT x:443", 400)]
    [InlineData("CONNECT /api/products", 405)]
    [InlineData("OPTIONS *", 404)]
    [InlineData("TRACE /api/products", 405)]
    [InlineData("get /api/products", 405)]
    [InlineData("G\u00c9T /api/products", 400)]
    [InlineData("PRI *", 405)]
    [InlineData("GET/api/products", 400)]
    [InlineData("DELETEDELETE /api/products", 405)]
    public async Task A_method_is_what_the_contract_names(string line, int status)
    {
        var reply = await RawHttp.Send(server, $"{line} HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(status, reply.Status);
    }

    [Theory]
    [InlineData("X-HTTP-Method-Override: DELETE", "")]
    [InlineData("X-HTTP-Method: DELETE", "")]
    [InlineData("X-Method-Override: DELETE", "")]
    [InlineData("X-Original-URL: /healthz", "")]
    [InlineData("X-Rewrite-URL: /healthz", "")]
    [InlineData("X-Original-Method: DELETE", "")]
    public async Task No_header_changes_the_method_or_the_path(string header, string query)
    {
        var merchant = ApiServer.NewMerchant();
        var product = await server.NewProduct(merchant);
        foreach (var method in new[] { "GET", "POST" })
        {
            var reply = await RawHttp.Send(server,
                $"{method} /api/merchant/products/{product}{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.Admin(merchant)}\r\n{header}\r\nContent-Length: 0\r\n\r\n");
            Assert.Equal(method == "GET" ? 200 : 405, reply.Status);
        }

        Assert.Equal("true", (await server.Get($"/api/merchant/products/{product}", server.Admin(merchant))).Text("active"));
    }

    [Theory]
    [InlineData("_method=DELETE")]
    [InlineData("limit=1&limit=2")]
    [InlineData("limit=1&%6cimit=2")]
    [InlineData("limit=1&limit=1")]
    [InlineData("limit[]=1")]
    [InlineData("limit=1;cursor=x")]
    [InlineData("Limit=1&limit=2")]
    [InlineData("limit=%00")]
    [InlineData("limit=%ff")]
    [InlineData("=1")]
    [InlineData("&&=&")]
    [InlineData("limit=1?limit=2")]
    [InlineData("%")]
    public async Task A_query_is_known_parameters_each_once(string query)
    {
        var reply = await RawHttp.Send(server,
            $"GET /api/merchant/products?{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.Admin()}\r\n\r\n");

        Assert.Equal(422, reply.Status);
        Assert.StartsWith("""{"error":"invalid",""", reply.Body, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, int> Smuggled => new()
    {
        // What two servers in a row could read differently is read by none (RFC 9112 section 6).
        { "two lengths", "Content-Length: 2\r\nContent-Length: 44", 400 },
        { "two equal lengths", "Content-Length: 2\r\nContent-Length: 2", 400 },
        { "a list of lengths", "Content-Length: 2, 2", 400 },
        { "a negative length", "Content-Length: -2", 400 },
        { "a length in hexadecimal", "Content-Length: 0x2", 400 },
        { "a length beyond counting", "Content-Length: 99999999999999999999", 400 },
        { "a length and chunks", "Content-Length: 2\r\nTransfer-Encoding: chunked", 400 },
        { "chunks and a length", "Transfer-Encoding: chunked\r\nContent-Length: 2", 400 },
        { "an encoding that is unknown", "Transfer-Encoding: xchunked", 400 },
        { "an encoding after chunks", "Transfer-Encoding: chunked, gzip", 400 },
        { "an encoding before chunks", "Transfer-Encoding: gzip, chunked", 400 },
        { "chunks twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400 },
        { "no encoding by name", "Transfer-Encoding: identity", 400 },
        { "chunks with a tab", "Transfer-Encoding:\tchunked\r\nContent-Length: 2", 400 },
        { "a space before the colon", "Content-Length : 2", 400 },
        { "a folded line", "X-Fold: a\r\n b\r\nContent-Length: 2", 400 },
        { "a folded first line", " X-Fold: a\r\nContent-Length: 2", 400 },
        { "a bare line feed", "X-A: b\nContent-Length: 2", 400 },
        { "a bare carriage return", "X-A: b\rContent-Length: 44", 400 },
        { "a NUL", "X-A: b\0c\r\nContent-Length: 2", 400 },
        { "a name with a NUL", "X-A\0: b\r\nContent-Length: 2", 400 },
        { "no name", ": b\r\nContent-Length: 2", 400 },
        { "no colon", "X-A\r\nContent-Length: 2", 400 },
        { "a second host", "Host: y\r\nContent-Length: 2", 400 },
    };

    [Theory]
    [MemberData(nameof(Smuggled))]
    public async Task A_request_that_could_be_read_in_two_ways_ends_the_connection(string shape, string headers, int status)
    {
        var product = await server.NewProduct();
        await using var raw = await RawHttp.Connect(server);
        await raw.Write(
            $"POST {Checkout} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{{}}"
            + $"GET /api/products/{product} HTTP/1.1\r\nHost: x\r\n\r\n");

        var first = await raw.Read();
        Assert.True(first?.Status == status, $"{shape}: {first?.Status} {first?.Body}");
        Assert.True(await raw.IsClosed(), $"{shape}: the request behind it was answered.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Host: x y\r\n")]
    [InlineData("Host: x/../y\r\n")]
    [InlineData("Host: x\r\nHost: x\r\n")]
    [InlineData("Host: <script>\r\n")]
    public async Task A_request_names_one_host(string header)
    {
        var reply = await RawHttp.Send(server, $"GET /api/products HTTP/1.1\r\n{header}\r\n");

        Assert.Equal(400, reply.Status);
        Assert.DoesNotContain("script", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("-2\r\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("ffffffffffffffff\r\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("2\r\n{}0\r\n\r\n", 400)]
    [InlineData("2\n{}\n0\n\n", 400)]
    [InlineData("2;x=y\r\n{}\r\n0\r\n\r\n", 422)]
    [InlineData("2\r\n{}\r\n0\r\nX-Trailer: a\r\n\r\n", 422)]
    [InlineData("1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", 422)]
    public async Task Chunks_are_counted_exactly(string body, int status)
    {
        var reply = await RawHttp.Send(server,
            $"POST {Checkout} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{body}");

        Assert.Equal(status, reply.Status);
    }

    [Theory]
    [InlineData("Content-Encoding: gzip\r\nContent-Type: application/json", 415)]
    [InlineData("Content-Encoding: identity\r\nContent-Type: application/json", 415)]
    [InlineData("Content-Encoding: br, gzip\r\nContent-Type: application/json", 415)]
    [InlineData("Content-Type: application/json; charset=iso-8859-1", 415)]
    [InlineData("Content-Type: application/json; charset=utf-7", 415)]
    [InlineData("Content-Type: application/json; charset=utf-8; charset=utf-16", 415)]
    [InlineData("Content-Type: application/json\r\nContent-Type: text/plain", 415)]
    [InlineData("Content-Type: text/json", 415)]
    [InlineData("Content-Type: application/jsonx", 415)]
    [InlineData("Content-Type: application/x-json", 415)]
    [InlineData("Content-Type: application/vnd.api+json", 415)]
    [InlineData("Content-Type: multipart/form-data; boundary=x", 415)]
    [InlineData("Content-Type: application/json, application/json", 415)]
    [InlineData("Content-Type: \u00e9", 400)]
    [InlineData("Content-Type:", 415)]
    [InlineData("Content-Type: application/json;charset=\"utf-8\"", 422)]
    public async Task A_body_of_another_kind_is_not_read(string headers, int status)
    {
        var reply = await RawHttp.Send(server, $"POST {Checkout} HTTP/1.1\r\nHost: x\r\n{headers}\r\nContent-Length: 2\r\n\r\n{{}}");

        Assert.Equal(status, reply.Status);
    }

    [Theory]
    [InlineData("\u00c3\u0028")]
    [InlineData("\u00c0\u0080")]
    [InlineData("\u00ed\u00a0\u0080")]
    [InlineData("\u00f4\u0090\u0080\u0080")]
    [InlineData("\u00ff")]
    [InlineData("\u00c3")]
    public async Task A_body_that_is_no_UTF8_is_malformed_also_in_a_field_that_nobody_asked_for(string bytes)
    {
        var body = $"{{\"{bytes}\":\"{bytes}\"}}";
        var reply = await RawHttp.Send(server,
            $"POST {Checkout} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.Equal(400, reply.Status);
        Assert.StartsWith("""{"error":"malformed",""", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_line_and_headers_have_bounds()
    {
        Assert.Equal(414, (await RawHttp.Send(server, $"GET /{new string('a', 9000)} HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
        Assert.Equal(414, (await RawHttp.Send(server, $"GET /api/products?{new string('a', 9000)} HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
        Assert.Equal(404, (await RawHttp.Send(server, $"GET /{new string('a', 8000)} HTTP/1.1\r\nHost: x\r\n\r\n")).Status);

        Assert.Equal(431, (await RawHttp.Send(server, $"GET /api/products HTTP/1.1\r\nHost: x\r\nX-A: {new string('a', 33_000)}\r\n\r\n")).Status);
        Assert.Equal(200, (await RawHttp.Send(server, $"GET /api/products HTTP/1.1\r\nHost: x\r\nX-A: {new string('a', 30_000)}\r\n\r\n")).Status);
        string Many(int count) => string.Concat(Enumerable.Range(0, count).Select(index => $"X-{index}: a\r\n"));
        Assert.Equal(431, (await RawHttp.Send(server, $"GET /api/products HTTP/1.1\r\nHost: x\r\n{Many(100)}\r\n")).Status);
        Assert.Equal(200, (await RawHttp.Send(server, $"GET /api/products HTTP/1.1\r\nHost: x\r\n{Many(99)}\r\n")).Status);
    }

    [Fact]
    public async Task The_servers_own_refusals_name_no_server()
    {
        foreach (var request in new[]
        {
            "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", $"GET /{new string('a', 9000)} HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
            $"GET / HTTP/1.1\r\nHost: x\r\nX-A: {new string('a', 33_000)}\r\n\r\n", "nonsense\r\n\r\n",
        })
        {
            var refused = await RawHttp.Send(server, request);
            Assert.InRange(refused.Status, 400, 505);
            Assert.Equal("", refused.Body);
            Assert.Null(refused["Server"]);
        }
    }

    [Fact]
    public async Task Credentials_in_two_lines_are_no_credentials()
    {
        var token = server.Admin();
        foreach (var (first, second) in new[] { (token, "x"), ("x", token), (token, token) })
        {
            var reply = await RawHttp.Send(server,
                $"GET /api/merchant/products HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {first}\r\nAuthorization: Bearer {second}\r\n\r\n");
            Assert.Equal(401, reply.Status);
        }
    }

    [Fact]
    public async Task A_connection_goes_on_after_a_refusal_that_was_read_whole()
    {
        await using var raw = await RawHttp.Connect(server);
        await raw.Write($"POST {Checkout} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
            + "GET /api/nothing HTTP/1.1\r\nHost: x\r\n\r\nHEAD /api/products HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(422, (await raw.Read())?.Status);
        Assert.Equal(404, (await raw.Read())?.Status);
        Assert.Equal(200, (await raw.Read(hasBody: false))?.Status);
        Assert.Equal("""{"status":"live"}""", (await raw.Read())?.Body);
    }

    [Fact]
    public async Task A_body_that_never_comes_ends_the_connection()
    {
        await using var raw = await RawHttp.Connect(server);
        await raw.Write($"POST {Checkout} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{");

        // The server waits 5 s and then for 240 bytes a second.
        Assert.Equal(400, (await raw.Read())?.Status);
        Assert.True(await raw.IsClosed());
    }

    [Fact]
    public void Waiting_for_a_client_is_bounded()
    {
        var limits = server.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.Equal(TimeSpan.FromSeconds(30), limits.RequestHeadersTimeout);
        Assert.Equal(TimeSpan.FromSeconds(130), limits.KeepAliveTimeout);
        Assert.Equal((240, TimeSpan.FromSeconds(5)), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinRequestBodyDataRate.GracePeriod));
        Assert.Equal((240, TimeSpan.FromSeconds(5)), (limits.MinResponseDataRate!.BytesPerSecond, limits.MinResponseDataRate.GracePeriod));
        Assert.Equal((8 * 1024, 32 * 1024, 100), (limits.MaxRequestLineSize, limits.MaxRequestHeadersTotalSize, limits.MaxRequestHeaderCount));
        Assert.Equal(256 * 1024, limits.MaxRequestBodySize);
    }

    [Fact]
    public async Task Nothing_of_a_refused_write_is_kept()
    {
        var merchant = ApiServer.NewMerchant();
        const string product = """{"name":"x","price":{"amount":"1.00","currency":"USD"}}""";
        string Post(string headers, string body) =>
            $"POST /api/merchant/products HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.Admin(merchant)}\r\n{headers}\r\n\r\n{body}";
        string[] refused =
        [
            Post($"Content-Type: application/json\r\nContent-Length: {product.Length}\r\nTransfer-Encoding: chunked", $"{product.Length:x}\r\n{product}\r\n0\r\n\r\n"),
            Post($"Content-Type: application/json\r\nContent-Length: {product.Length}\r\nContent-Length: {product.Length}", product),
            Post($"Content-Type: text/plain\r\nContent-Length: {product.Length}", product),
            Post($"Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {product.Length}", product),
            Post($"Content-Type: application/json\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: {product.Length}", product),
            Post($"Content-Type: application/json\r\nContent-Length: {product.Length + 1}", product + "x"),
            Post($"Content-Type: application/json\r\nContent-Length: {product.Length - 1}", product),
        ];
        foreach (var request in refused)
        {
            Assert.InRange((await RawHttp.Send(server, request)).Status, 400, 499);
        }

        Assert.Empty((await server.Get("/api/merchant/products", server.Admin(merchant))).Json["data"]!.AsArray());
        Assert.Equal(201, (await RawHttp.Send(server, Post($"Content-Type: application/json\r\nContent-Length: {product.Length}", product))).Status);
    }
}
