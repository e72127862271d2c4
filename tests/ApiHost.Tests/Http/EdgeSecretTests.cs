using System.Net;
using OpenBitum.Settings;
using Xunit;

namespace OpenBitum.Tests.Http;

/// <summary>Edge mode: only the gateway is answered.</summary>
public sealed class EdgeSecretTests
{
    private const string Secret = "edge-0123456789abcdef,xyz";

    public static TheoryData<string> Paths => ["/api/products", "/portalpay/api/products", "/api/merchant/products", "/api/nothing", "/sign-in", "/", "/healthzz", "/Healthz"];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Whoever_comes_past_the_gateway_is_refused_before_anything_else_looks(string path)
    {
        await using var server = await Start();

        foreach (var (method, token) in new[] { ("GET", null), ("GET", server.Admin()), ("PUT", null), ("OPTIONS", null) })
        {
            var refused = await server.Send(new HttpMethod(method), path, null, token);

            Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (refused.Status, refused.Error));
            Assert.NotEmpty(refused.Headers["X-Request-Id"]);
        }
    }

    [Fact]
    public async Task The_gateway_is_answered_as_ever()
    {
        await using var server = await Start();

        Assert.Equal(HttpStatusCode.OK, (await server.Get("/api/products", null, ("x-edge-secret", Secret))).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get("/portalpay/api/products", null, ("X-Edge-Secret", Secret))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Get("/api/nothing", null, ("x-edge-secret", Secret))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get("/api/merchant/products", null, ("x-edge-secret", Secret))).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("edge-0123456789abcdef,xy")]
    [InlineData("edge-0123456789abcdef,xyzz")]
    [InlineData("Edge-0123456789abcdef,xyz")]
    [InlineData("edge-0123456789abcdef")]
    [InlineData("edge-0123456789abcdef,xyz,edge-0123456789abcdef,xyz")]
    public async Task Another_secret_is_refused(string secret)
    {
        await using var server = await Start();

        Assert.Equal(HttpStatusCode.Forbidden, (await server.Get("/api/products", null, ("x-edge-secret", secret))).Status);
    }

    [Fact]
    public async Task The_header_in_two_lines_is_refused_though_one_is_right()
    {
        await using var server = await Start();

        foreach (var other in new[] { "client", "", Secret })
        {
            var client = await RawHttp.Send(server, $"GET /api/products HTTP/1.1\r\nHost: x\r\nx-edge-secret: {other}\r\nx-edge-secret: {Secret}\r\n\r\n");
            Assert.Equal(403, client.Status);
            var gateway = await RawHttp.Send(server, $"GET /api/products HTTP/1.1\r\nHost: x\r\nx-edge-secret: {Secret}\r\nx-edge-secret: {other}\r\n\r\n");
            Assert.Equal(403, gateway.Status);
        }
    }

    [Fact]
    public async Task The_secret_in_the_query_or_another_header_is_worth_nothing()
    {
        await using var server = await Start();

        Assert.Equal(HttpStatusCode.Forbidden, (await server.Get($"/api/products?x-edge-secret={Secret}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Get("/api/products", null, ("x-edge_secret", Secret))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Get("/api/products", Secret)).Status);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    [InlineData("/portalpay/healthz")]
    public async Task Health_is_open_to_monitors(string path)
    {
        await using var server = await Start();

        Assert.Equal(HttpStatusCode.OK, (await server.Get(path)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Send(HttpMethod.Head, path, null)).Status);
    }

    [Theory]
    [InlineData("/healthz/../api/products")]
    [InlineData("/healthz/%2e%2e/api/products")]
    [InlineData("/healthz/..%2fapi/products")]
    [InlineData("/healthz;/../api/products")]
    [InlineData("/portalpay/healthz/../api/products")]
    [InlineData("//healthz/../api/products")]
    public async Task Nothing_is_reached_by_way_of_health(string target)
    {
        await using var server = await Start();

        var reply = await RawHttp.Send(server, $"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Contains(reply.Status, new[] { 403, 404 });
        Assert.DoesNotContain("data", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(23, "x", false)]
    [InlineData(24, "x", true)]
    [InlineData(200, "x", true)]
    [InlineData(201, "x", false)]
    [InlineData(12, "x y", false)]
    [InlineData(30, "é", false)]
    public async Task A_secret_has_bounds_and_the_message_says_them_and_not_the_secret(int times, string text, bool isTaken)
    {
        var secret = string.Concat(Enumerable.Repeat(text, times));
        if (isTaken)
        {
            await using var server = await ApiServer.Start(new() { ["EdgeSecret"] = secret });
            Assert.Equal(HttpStatusCode.OK, (await server.Get("/api/products", null, ("x-edge-secret", secret))).Status);
            return;
        }

        var refused = await Assert.ThrowsAsync<SettingsRefusedException>(() => ApiServer.Start(new() { ["EdgeSecret"] = secret }));

        Assert.Equal(
            "EdgeSecret: is out of its bounds; write 24-200 printable ASCII characters without a space, such as `openssl rand -hex 32` prints.",
            refused.Message);
    }

    [Fact]
    public async Task A_section_where_a_secret_belongs_is_refused()
    {
        var refused = await Assert.ThrowsAsync<SettingsRefusedException>(() => ApiServer.Start(new() { ["EdgeSecret:Value"] = Secret }));

        Assert.StartsWith("EdgeSecret: holds one value", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_secret_is_none()
    {
        await using var server = await ApiServer.Start(new() { ["EdgeSecret"] = "" });

        Assert.Equal(HttpStatusCode.OK, (await server.Get("/api/products")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get("/api/products", null, ("x-edge-secret", "whatever"))).Status);
    }

    private static Task<ApiServer> Start() => ApiServer.Start(new() { ["EdgeSecret"] = Secret });
}
