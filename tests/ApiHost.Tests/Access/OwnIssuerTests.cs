using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Access;
using Xunit;

namespace OpenBitum.Tests.Access;

public sealed class OwnIssuerTests(SharedServer shared)
{
    private const string Products = "/api/merchant/products";

    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task Nobody_gets_in_without_a_token_and_a_customer_not_either()
    {
        var nobody = await server.Get(Products);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.Status);
        Assert.Equal("unauthorized", nobody.Error);
        Assert.Equal("Bearer", nobody.Headers["WWW-Authenticate"]);

        var customer = await server.Get(Products, server.Token(["customer"]));
        Assert.Equal(HttpStatusCode.Forbidden, customer.Status);
        Assert.Equal("forbidden", customer.Error);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, server.Admin())).Status);
    }

    [Theory]
    [InlineData("/api/products")]
    [InlineData("/openapi/v1.json")]
    public async Task A_bad_token_is_refused_on_public_routes_too(string path)
    {
        var refused = await server.Get(path, "no.such.token");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Equal("Bearer error=\"invalid_token\"", refused.Headers["WWW-Authenticate"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(path, null, ("Authorization", "Basic YTpi"))).Status);
    }

    [Fact]
    public async Task A_token_without_a_signature_or_with_a_changed_one_is_refused()
    {
        var parts = server.Admin().Split('.');
        var none = Encode("""{"alg":"none","typ":"at+jwt"}""");

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, $"{none}.{parts[1]}.")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, $"{parts[0]}.{parts[1]}.")).Status);
        var other = Encode("""{"iss":"x","aud":"openbitum","sub":"a","roles":["admin"],"exp":9999999999}""");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, $"{parts[0]}.{other}.{parts[2]}")).Status);
    }

    [Fact]
    public async Task A_token_is_good_until_a_minute_after_its_end()
    {
        var clock = new OpenBitum.Tests.Hosting.ManualClock(TimeProvider.System.GetUtcNow());
        await using var own = await ApiServer.Start(replace: services => services.AddSingleton<TimeProvider>(clock));
        var token = own.Admin();

        clock.Advance(TimeSpan.FromMinutes(60) + TimeSpan.FromSeconds(58));
        Assert.Equal(HttpStatusCode.OK, (await own.Get(Products, token)).Status);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, (await own.Get(Products, token)).Status);
    }

    [Fact]
    public async Task A_header_that_claims_an_identity_changes_nothing()
    {
        var merchant = ApiServer.NewMerchant();
        await server.NewProduct(merchant);

        foreach (var name in new[] { "x-wallet", "X-Wallet-Address", "x-merchant", "x-user" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, null, (name, merchant))).Status);
            Assert.Equal("[]", (await server.Get(Products, server.Admin(ApiServer.NewMerchant()), (name, merchant))).Text("data"));
        }
    }

    [Fact]
    public async Task A_host_with_a_route_that_nobody_thought_about_does_not_start()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/thought", () => "").Allow(AccessLevel.Open);
        app.MapGet("/forgotten", () => "");

        var refused = Assert.Throws<InvalidOperationException>(app.RefuseRoutesWithoutPolicy);

        Assert.Contains("/forgotten", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/thought", refused.Message, StringComparison.Ordinal);
    }

    private static string Encode(string text) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
