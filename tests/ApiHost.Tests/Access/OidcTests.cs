using System.Globalization;
using System.Net;
using System.Numerics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpenBitum.Access;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Access;

/// <summary>Tokens that no decent issuer makes, signed with keys that are its own: what a signature does not excuse.</summary>
public sealed class OidcTests
{
    private const string Products = "/api/merchant/products";

    [Fact]
    public async Task Whatever_else_is_signed_or_said_is_refused()
    {
        await using var issuer = await FakeIssuer.Start();
        var key = issuer.AddKey("RS256");
        await using var server = await Against(issuer);

        string[] taken = ["at+jwt", "application/at+jwt", "JWT"];
        foreach (var type in taken)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, issuer.Token(key, Admin, type: type))).Status);
        }

        string[] tokens =
        [
            issuer.Token(key, Admin, audience: "some-client"),
            issuer.Token(key, Admin, audience: ""),
            issuer.Token(key, Admin, issuer: "https://other.example"),
            issuer.Token(key, Admin, issuer: issuer.Address + "/"),
            issuer.Token(key, Admin, type: "dpop+jwt"),
            issuer.Token(key, Admin, type: "id+jwt"),
            issuer.Token(key, Admin, type: "none"),
            issuer.Token(key, new(Admin) { ["sub"] = "" }),
            issuer.Token(new SigningCredentials(key.Key, "PS256"), Admin),
            issuer.Token(new SigningCredentials(key.Key, "RS512"), Admin),
            issuer.Token(issuer.AddKey("RS256", isPublished: false), Admin),
            issuer.Token(issuer.AddKey("ES256", use: "enc"), Admin),
            issuer.Written(key, """{"alg":"RS256","kid":"KID"}""", issuer.Claims()),
            issuer.Written(key, """{"alg":"RS256","kid":"KID","typ":5}""", issuer.Claims()),
            issuer.Written(key, """{"alg":"RS256","kid":"KID","typ":"at+jwt","crit":["exp"],"exp":1}""", issuer.Claims()),
            issuer.Written(key, """{"alg":"RS256","kid":"KID","typ":"at+jwt","crit":["b64"],"b64":false}""", issuer.Claims()),
            issuer.Written(key, """{"alg":"RS256","kid":"KID","typ":"at+jwt","crit":[]}""", issuer.Claims()),
            issuer.Written(key, """{"alg":"RS256","kid":"KID","typ":"at+jwt","crit":null}""", issuer.Claims()),
            issuer.Written(key, """{"alg":"RS256","kid":"KID","typ":"at+jwt"}""", issuer.Claims(expires: null)),
            issuer.Written(key, """{"alg":"RS256","kid":"KID","typ":"at+jwt"}""", issuer.Claims(expires: "\"soon\"")),
            issuer.Written(key, """{"alg":"RS256","kid":"KID","typ":"at+jwt"}""", issuer.Claims(expires: "1e400")),
            issuer.Written(key, """{"alg":"RS256","kid":"KID","typ":"at+jwt"}""", "[]"),
            issuer.Written(key, """{"alg":"RS256","kid":"KID","typ":"at+jwt"}""", "{"),
            issuer.Token(key, new(Admin) { ["padding"] = new string('x', 16 * 1024) }),
        ];
        foreach (var (token, number) in tokens.Select((token, index) => (token, index)))
        {
            var refused = await server.Get(Products, token);
            Assert.True(refused.Status is HttpStatusCode.Unauthorized && refused.Error == "unauthorized", $"token {number}: {refused.Status} {refused.Body}");
        }

        // The same means without the fault, so that nothing was refused for another reason.
        Assert.Equal(HttpStatusCode.OK, (await server.Get(
            Products, issuer.Written(key, """{"alg":"RS256","kid":"KID","typ":"at+jwt"}""", issuer.Claims()))).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(
            Products, issuer.Written(key, """{"alg":"RS256","typ":"at+jwt"}""", issuer.Claims()))).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(
            Products, issuer.Token(key, new(Admin) { ["padding"] = new string('x', 8 * 1024) }))).Status);
    }

    [Fact]
    public async Task In_public_no_neighbouring_host_can_plant_an_attempt_to_sign_in()
    {
        await using var issuer = await FakeIssuer.Start();
        await using var server = await ApiServer.Start(new()
        {
            ["PublicBaseUrl"] = "https://shop.example", ["Auth:Issuer"] = issuer.Address, ["Auth:ClientId"] = "shop-page",
        }, services => services.AddSingleton<TimeProvider>(new ManualClock(TimeProvider.System.GetUtcNow())));

        var begun = await server.Get("/api/auth/login");

        // What the prefix asks of the cookie, or the browser drops it.
        var cookie = begun.Headers["Set-Cookie"];
        Assert.StartsWith("__Host-cb_sign_in=", cookie, StringComparison.Ordinal);
        Assert.Contains("; path=/;", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_token_begins_a_minute_before_it_says()
    {
        await using var issuer = await FakeIssuer.Start();
        var key = issuer.AddKey("ES256");
        var begins = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()).AddHours(1);
        var clock = new ManualClock(begins - TimeSpan.FromSeconds(60) - TimeSpan.FromMilliseconds(1));
        await using var server = await Against(issuer, clock);
        var token = issuer.Token(key, Admin, begins: begins);

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, token)).Status);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, token)).Status);
    }

    [Fact]
    public async Task An_ended_token_without_a_jti_stays_ended_in_every_spelling_of_its_signature()
    {
        await using var issuer = await FakeIssuer.Start();
        var key = issuer.AddKey("ES256");
        await using var server = await Against(issuer);
        var token = issuer.Token(key, Admin);
        var twin = TwinOf(token);
        Assert.NotEqual(token, twin);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, twin)).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await server.Send(HttpMethod.Delete, "/api/auth/session", null, token)).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, twin)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, issuer.Token(key, new(Admin) { ["sub"] = "user-2" }))).Status);
    }

    /// <summary>The same token with the other signature that every ECDSA one has: (r, n - s) instead of (r, s).</summary>
    private static string TwinOf(string token)
    {
        var order = BigInteger.Parse("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var end = token.LastIndexOf('.') + 1;
        var signature = Base64UrlEncoder.DecodeBytes(token[end..]);
        var other = (order - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true)).ToByteArray(isUnsigned: true, isBigEndian: true);
        return token[..end] + Base64UrlEncoder.Encode([.. signature[..32], .. new byte[32 - other.Length], .. other]);
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

    [Fact]
    public async Task Whoever_names_an_unknown_key_and_breaks_off_costs_one_fetch_and_hides_no_rotation()
    {
        await using var issuer = await FakeIssuer.Start();
        var key = issuer.AddKey("ES256");
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var server = await Against(issuer, clock);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, issuer.Token(key, Admin))).Status);
        var rotated = issuer.AddKey("ES256");
        var (isAsked, mayAnswer) = (new TaskCompletionSource(), new TaskCompletionSource());
        issuer.BeforeKeys = () =>
        {
            isAsked.TrySetResult();
            return mayAnswer.Task;
        };

        using var gone = new CancellationTokenSource();
        var brokenOff = server.Services.GetRequiredService<OidcIssuerKeys>().Find("unknown", gone.Token).AsTask();
        await isAsked.Task;
        await gone.CancelAsync();
        mayAnswer.SetResult();

        Assert.Equal([], await brokenOff);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, issuer.Token(rotated, Admin))).Status);
        Assert.Equal(2, issuer.KeyFetches);
    }

    [Fact]
    public async Task A_key_that_its_readers_could_sign_with_is_no_key()
    {
        await using var issuer = await FakeIssuer.Start();
        issuer.AddKey("ES256");
        var shared = issuer.AddShared();
        await using var server = await Against(issuer);

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, issuer.Token(shared, Admin))).Status);
    }

    private static Dictionary<string, object> Admin => new() { ["roles"] = new[] { "admin" } };

    /// <summary>Time stands unless it is moved: the host waits for an issuer for seconds only, and a busy machine may need more.</summary>
    private static Task<ApiServer> Against(FakeIssuer issuer, ManualClock? clock = null)
    {
        issuer.Clock = clock ?? new ManualClock(TimeProvider.System.GetUtcNow());
        return ApiServer.Start(
            new() { ["Auth:Issuer"] = issuer.Address }, services => services.AddSingleton(issuer.Clock));
    }
}
