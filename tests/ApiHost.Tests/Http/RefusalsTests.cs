using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace OpenBitum.Tests.Http;

public sealed class RefusalsTests(SharedServer shared)
{
    private const string Checkout = "/api/checkout/initiate";

    private readonly ApiServer server = shared.Server;

    public static TheoryData<string> Malformed =>
    [
        "{", "", "{\"a\":NaN}", "{'a':1}", "{\"a\":1,}", "// x\n{}", "\uFEFF{}", "{\"email\":\"\\ud800\"}", "{\"\\udfff\":1}",
        new string('[', 40) + new string(']', 40),
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_body_that_is_no_JSON_is_malformed(string body)
    {
        var refused = await server.Send(HttpMethod.Post, Checkout, ApiServer.Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal("malformed", refused.Error);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_malformed()
    {
        var bytes = new ByteArrayContent([.. "{\"email\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        bytes.Headers.ContentType = new("application/json");

        Assert.Equal("malformed", (await server.Send(HttpMethod.Post, Checkout, bytes)).Error);
    }

    [Theory]
    [InlineData("[]", " wrong_type")]
    [InlineData("1", " wrong_type")]
    [InlineData("""{"productId":"x"}""", "email required")]
    [InlineData("""{"email":"a@b.c"}""", "productId required")]
    [InlineData("""{"productId":1,"email":"a@b.c"}""", "productId wrong_type")]
    [InlineData("""{"productId":"x","email":"a@b.c","quantity":"1"}""", "quantity wrong_type")]
    [InlineData("""{"productId":"x","email":"a@b.c","quantity":1.5}""", "quantity wrong_type")]
    [InlineData("""{"productId":"x","email":"a@b.c","quantity":1e2}""", "quantity wrong_type")]
    [InlineData("""{"productId":"x","email":"a@b.c","quantity":99999999999999999999}""", "quantity out_of_range")]
    [InlineData("""{"productId":"x","email":"a@b.c","coupon":"y"}""", "coupon unknown_field")]
    [InlineData("""{"productId":"x","email":"a@b.c","email":"d@b.c"}""", "email duplicate_key")]
    [InlineData("""{"productId":"x","email":"a@b.c","metadata":{"k":"1","k":"2"}}""", "metadata.k duplicate_key")]
    [InlineData("""{"productId":"x","email":"a@b.c","metadata":{"k":1}}""", "metadata.k wrong_type")]
    [InlineData("""{"productId":"x","email":"a@b.c","metadata":[]}""", "metadata wrong_type")]
    [InlineData("""{"productId":"x","email":"a@b.c\u0000"}""", "email bad_format")]
    public async Task A_field_that_is_wrong_is_named(string body, string problem)
    {
        var refused = await server.Send(HttpMethod.Post, Checkout, ApiServer.Json(body));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("invalid", refused.Error);
        Assert.Equal([problem], refused.Details);
    }

    [Fact]
    public async Task A_body_of_thousands_of_wrong_fields_gets_a_short_answer()
    {
        var pairs = string.Join(',', Enumerable.Range(0, 10_000).Select(index => $"\"{index}\":1"));
        var refused = await server.Send(
            HttpMethod.Post, Checkout, ApiServer.Json($$$"""{"productId":"x","email":"a@b.c","metadata":{{{{pairs}}}}}"""));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(50, refused.Details.Length);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api/site/config")]
    public async Task A_query_parameter_that_nobody_knows_is_refused_everywhere(string path)
    {
        Assert.Equal(["at unknown_field"], (await server.Get($"{path}?at=1")).Details);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(path)).Status);
    }

    [Theory]
    [InlineData("""{"amount":"19.999","currency":"USD"}""", "price.amount bad_format")]
    [InlineData("""{"amount":"-1","currency":"USD"}""", "price.amount bad_format")]
    [InlineData("""{"amount":"1e3","currency":"USD"}""", "price.amount bad_format")]
    [InlineData("""{"amount":19.90,"currency":"USD"}""", "price.amount wrong_type")]
    [InlineData("""{"amount":"0","currency":"USD"}""", "price.amount out_of_range")]
    [InlineData("""{"amount":"1","currency":"XXX"}""", "price.currency bad_format")]
    [InlineData("""{"amount":"1","asset":"DOGE2"}""", "price.asset bad_format")]
    [InlineData("""{"amount":"1"}""", "price.currency required")]
    [InlineData("""{"amount":"1","currency":"USD","asset":"BTC"}""", "price.currency required")]
    [InlineData("""{"amount":"1","currency":"USD","tax":"0"}""", "price.tax unknown_field")]
    [InlineData("\"19.90 USD\"", "price wrong_type")]
    public async Task A_price_is_a_decimal_text_with_its_unit(string price, string problem)
    {
        var refused = await server.Send(
            HttpMethod.Post, "/api/merchant/products", ApiServer.Json($$"""{"name":"x","price":{{price}}}"""), server.Admin());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal([problem], refused.Details);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/json; charset=utf-8", 422)]
    [InlineData("Application/JSON", 422)]
    public async Task Only_JSON_in_UTF8_is_read(string type, int status)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.Equal(status, (int)(await server.Send(HttpMethod.Post, Checkout, content)).Status);
    }

    [Fact]
    public async Task A_body_without_a_type_or_with_an_encoding_is_not_read()
    {
        Assert.Equal("unsupported_media_type", (await server.Send(HttpMethod.Post, Checkout, new ByteArrayContent("{}"u8.ToArray()))).Error);

        var zipped = ApiServer.Json("{}");
        zipped.Headers.ContentEncoding.Add("gzip");
        Assert.Equal("unsupported_media_type", (await server.Send(HttpMethod.Post, Checkout, zipped)).Error);
    }

    [Fact]
    public async Task A_body_of_256_KiB_is_read_and_one_byte_more_is_not()
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.Send(HttpMethod.Post, Checkout, OfLength(256 * 1024))).Status);

        var refused = await server.Send(HttpMethod.Post, Checkout, OfLength((256 * 1024) + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.Status);
        Assert.Equal("payload_too_large", refused.Error);

        static StringContent OfLength(int length) => ApiServer.Json($$"""{"x":"{{new string('a', length - 8)}}"}""");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/nothing")]
    [InlineData("/API/products")]
    [InlineData("/api/Products")]
    [InlineData("/api/products/")]
    [InlineData("/api//products")]
    [InlineData("/api/products.")]
    [InlineData("/api/products;x")]
    [InlineData("/api/%2e%2e/api/products/x")]
    [InlineData("/portalpay")]
    [InlineData("/portalpay/checkout/x")]
    [InlineData("/PortalPay/api/products")]
    [InlineData("/portalpay/portalpay/api/products")]
    [InlineData("/api/products/prd_short")]
    [InlineData("/api/orders/ord_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("/api/orders/ord_01arz3ndektsv4rrffq69g5fav")]
    public async Task What_does_not_exist_is_not_found_in_one_form(string path)
    {
        var missing = await server.Get(path);

        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
        Assert.Equal("""{"error":"not_found"}""", missing.Body);
        Assert.NotEmpty(missing.Headers["X-Request-Id"]);
    }

    [Fact]
    public async Task A_known_path_with_another_method_says_so()
    {
        var refused = await server.Send(HttpMethod.Put, "/api/products", null);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.Status);
        Assert.Equal("method_not_allowed", refused.Error);
        Assert.Contains("GET", refused.Headers["Allow"], StringComparison.Ordinal);

        var overridden = await server.Send(HttpMethod.Post, "/api/products", null, null, ("X-HTTP-Method-Override", "GET"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, overridden.Status);
    }

    [Fact]
    public async Task Clients_of_the_gateway_form_reach_the_same()
    {
        var product = await server.NewProduct();
        Assert.Equal((await server.Get($"/api/products/{product}")).Body, (await server.Get($"/portalpay/api/products/{product}")).Body);
        Assert.Equal(HttpStatusCode.OK, (await server.Get("/portalpay/healthz")).Status);
    }

    [Fact]
    public async Task Every_answer_says_who_it_is_and_what_a_browser_may_do_with_it()
    {
        foreach (var path in new[] { "/api/products", "/api/nothing", "/healthz", "/sign-in", "/checkout/x" })
        {
            var reply = await server.Get(path);
            Assert.NotEmpty(reply.Headers["X-Request-Id"]);
            Assert.Equal("nosniff", reply.Headers["X-Content-Type-Options"]);
            Assert.Contains("frame-ancestors 'none'", reply.Headers["Content-Security-Policy"], StringComparison.Ordinal);
            Assert.False(reply.Headers.ContainsKey("Server"));
        }
    }

    [Fact]
    public async Task Health_is_open_and_says_what_it_knows()
    {
        Assert.Equal("""{"status":"live"}""", (await server.Get("/healthz")).Body);
        Assert.Equal("""{"status":"live"}""", (await server.Get("/healthz/live")).Body);

        var ready = await server.Get("/healthz/ready");
        Assert.Equal(HttpStatusCode.OK, ready.Status);
        Assert.Equal("ready", ready.Text("store.status"));
        Assert.NotNull(ready.Json["chains"]!["SANDBOX"]);
        Assert.Equal(HttpStatusCode.OK, (await server.Send(HttpMethod.Head, "/healthz", null)).Status);
    }

    [Fact]
    public async Task A_request_line_that_the_server_itself_refuses_gets_no_stack()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        await stream.WriteAsync("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);

        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
    }
}
