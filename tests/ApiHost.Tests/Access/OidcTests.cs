using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Access;

public sealed class OidcTests
{
    private const string Products = "/api/merchant/products";

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    public async Task A_token_of_the_issuer_is_taken(string algorithm)
    {
        await using var issuer = await FakeIssuer.Start();
        var key = issuer.AddKey(algorithm);
        await using var server = await Against(issuer);

        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, issuer.Token(key, Admin))).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, issuer.Token(key, Admin, type: "JWT"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Get(Products, issuer.Token(key))).Status);
    }

    [Fact]
    public async Task The_role_comes_from_roles_or_scope_and_the_tenant_from_the_organisation()
    {
        await using var issuer = await FakeIssuer.Start();
        var key = issuer.AddKey("ES384");
        await using var server = await Against(issuer);
        var body = new JsonObject { ["name"] = "x", ["price"] = new JsonObject { ["amount"] = "1", ["currency"] = "USD" } };

        var scoped = issuer.Token(key, new() { ["scope"] = "openid admin", ["organization_id"] = "org-a" });
        Assert.Equal(HttpStatusCode.Created, (await server.Post(Products, body, scoped)).Status);

        var other = issuer.Token(key, new() { ["roles"] = new[] { "admin" }, ["organization_id"] = "org-b" });
        Assert.Equal("[]", (await server.Get(Products, other)).Text("data"));
        Assert.Equal("[]", (await server.Get(Products, issuer.Token(key, Admin))).Text("data"));
        var malformed = issuer.Token(key, new() { ["roles"] = new[] { "admin" }, ["organization_id"] = "../org-a" });
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, malformed)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Get(Products, issuer.Token(key, new() { ["scope"] = "administrator" }))).Status);

        // A role's name may hold a space; a part of it is no role.
        var clerk = issuer.Token(key, new() { ["roles"] = new[] { "billing admin" } });
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Get(Products, clerk)).Status);
    }

    [Fact]
    public async Task Whatever_else_is_signed_or_said_is_refused()
    {
        await using var issuer = await FakeIssuer.Start();
        var key = issuer.AddKey("RS256");
        await using var server = await Against(issuer);
        var modulus = Encoding.UTF8.GetBytes(issuer.Published(0).N);
        var confused = new SigningCredentials(new SymmetricSecurityKey(modulus) { KeyId = key.Key.KeyId }, "HS256");

        string[] tokens =
        [
            issuer.Token(key, Admin, audience: "some-client"),
            issuer.Token(key, Admin, issuer: "https://other.example"),
            issuer.Token(key, Admin, type: "dpop+jwt"),
            issuer.Token(key, new() { ["roles"] = new[] { "admin" }, ["sub"] = "" }),
            issuer.Token(new SigningCredentials(key.Key, "PS256"), Admin),
            issuer.Token(new SigningCredentials(key.Key, "RS512"), Admin),
            issuer.Token(confused, Admin),
            issuer.Token(issuer.AddKey("RS256", isPublished: false), Admin),
        ];
        foreach (var token in tokens)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, token)).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, issuer.Token(key, Admin))).Status);
    }

    [Fact]
    public async Task Until_the_issuer_was_reached_once_nothing_is_said_of_its_tokens()
    {
        await using var issuer = await FakeIssuer.Start();
        var key = issuer.AddKey("ES256");
        issuer.IsDown = true;
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var server = await Against(issuer, clock);

        var unknown = await server.Get(Products, issuer.Token(key, Admin));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unknown.Status);
        Assert.Equal("unavailable", unknown.Error);
        Assert.Equal("1", unknown.Headers["Retry-After"]);

        issuer.IsDown = false;
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, issuer.Token(key, Admin))).Status);

        issuer.IsDown = true;
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, issuer.Token(key, Admin))).Status);
    }

    [Fact]
    public async Task An_unknown_key_is_asked_for_once_a_minute()
    {
        await using var issuer = await FakeIssuer.Start();
        var first = issuer.AddKey("ES256");
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var server = await Against(issuer, clock);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, issuer.Token(first, Admin))).Status);
        Assert.Equal(1, issuer.Fetches);

        // The first fetch does not count, so a rotation right after it is noticed at once.
        var second = issuer.AddKey("ES256");
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, issuer.Token(second, Admin))).Status);
        Assert.Equal(2, issuer.Fetches);

        var third = issuer.AddKey("ES256");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, issuer.Token(third, Admin))).Status);
        }

        Assert.Equal(2, issuer.Fetches);
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, issuer.Token(third, Admin))).Status);
        Assert.Equal(3, issuer.Fetches);
    }

    [Fact]
    public async Task An_issuer_that_names_itself_otherwise_is_not_believed()
    {
        await using var issuer = await FakeIssuer.Start();
        var key = issuer.AddKey("ES256");
        issuer.NamesItself = "https://other.example";
        await using var server = await Against(issuer);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Get(Products, issuer.Token(key, Admin))).Status);
    }

    private static Dictionary<string, object> Admin => new() { ["roles"] = new[] { "admin" } };

    private static Task<ApiServer> Against(FakeIssuer issuer, ManualClock? clock = null) =>
        ApiServer.Start(
            new() { ["Auth:Issuer"] = issuer.Address },
            clock is null ? null : services => services.AddSingleton<TimeProvider>(clock));
}
