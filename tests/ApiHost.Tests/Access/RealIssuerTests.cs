using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Access;

/// <summary>Tokens of a real issuer, and what somebody makes of them who has none of its private keys.</summary>
public sealed class RealIssuerTests
{
    private const string Products = "/api/merchant/products";

    [Fact]
    public async Task An_access_token_is_taken_and_its_scope_is_its_role()
    {
        await using var issuer = await RealIssuer.Start();
        await using var server = await Against(issuer);
        foreach (var algorithm in new[] { "ES384", "ES256", "RS256" })
        {
            var admin = await issuer.Token(algorithm: algorithm);

            Assert.Equal((algorithm, "at+jwt"), (new JsonWebToken(admin).Alg, new JsonWebToken(admin).Typ));
            Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, admin)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await server.Get(Products, await issuer.Token("operator", algorithm: algorithm))).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await server.Get(Products, await issuer.Token("", algorithm: algorithm))).Status);
        }
    }

    [Fact]
    public async Task A_role_may_be_a_claim_too_and_only_the_whole_name_counts()
    {
        await using var issuer = await RealIssuer.Start();
        await using var server = await Against(issuer);

        Assert.Equal(HttpStatusCode.OK, await With("""["clerk","admin"]"""));
        Assert.Equal(HttpStatusCode.OK, await With("\"admin\""));
        // A role's name may hold a space; a part of it is no role.
        Assert.Equal(HttpStatusCode.Forbidden, await With("""["billing admin"]"""));
        Assert.Equal(HttpStatusCode.Forbidden, await With("""["administrator","Admin"]"""));
        Assert.Equal(HttpStatusCode.Forbidden, await With("""{"admin":true}"""));

        async Task<HttpStatusCode> With(string roles) => (await server.Get(Products, await issuer.Token("", roles))).Status;
    }

    [Fact]
    public async Task Organisations_are_tenants_side_by_side()
    {
        await using var issuer = await RealIssuer.Start();
        await using var server = await Against(issuer);
        var ours = await issuer.Token(organisation: "\"org-a\"");
        var theirs = await issuer.Token(organisation: "\"org-b\"");
        var body = JsonNode.Parse("""{"name":"x","price":{"amount":"1","currency":"USD"}}""")!;

        var created = await server.Post(Products, body, ours);
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var path = created.Headers["Location"];

        Assert.Equal(created.Text("id"), (await server.Get(Products, await issuer.Token(organisation: "\"org-a\""))).Text("data.0.id"));
        foreach (var stranger in new[] { theirs, await issuer.Token(), await issuer.Token(organisation: "\"default\"") })
        {
            Assert.Equal("[]", (await server.Get(Products, stranger)).Text("data"));
            Assert.Equal(HttpStatusCode.NotFound, (await server.Get(path, stranger)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await server.Send(HttpMethod.Patch, path, ApiServer.Json("{}"), stranger)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await server.Send(HttpMethod.Delete, path, null, stranger)).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await server.Get(path, ours)).Status);
    }

    [Fact]
    public async Task An_admin_of_a_malformed_organisation_is_nobodys_admin()
    {
        await using var issuer = await RealIssuer.Start();
        await using var server = await Against(issuer);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, await issuer.Token(organisation: $"\"{new string('a', 64)}\""))).Status);

        string[] malformed =
        [
            $"\"{new string('a', 65)}\"", "\"\"", "\"../org-a\"", "\"org a\"", "\"org-a\\u0000\"", "\"örg\"",
            "[\"org-a\"]", "{\"id\":\"org-a\"}", "5", "true", "null",
        ];
        foreach (var organisation in malformed)
        {
            var refused = await server.Get(Products, await issuer.Token(organisation: organisation));
            Assert.True(refused.Status is HttpStatusCode.Unauthorized, $"{refused.Status} for {organisation}");
        }
    }

    [Fact]
    public async Task A_token_for_another_api_and_an_id_token_are_none_of_ours()
    {
        await using var issuer = await RealIssuer.Start();
        await using var server = await Against(issuer);
        await issuer.Register("till", "http://127.0.0.1/back");
        using var browser = new Browser();
        const string Verifier = "a-verifier-of-this-test-that-is-long-enough-1";
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));
        var back = await browser.SignIn(
            $"{issuer.Address}/auth?client_id=till&response_type=code&scope=openid&redirect_uri=http://127.0.0.1/back"
            + $"&code_challenge={challenge}&code_challenge_method=S256", "alice", "http://127.0.0.1/back");
        var code = back.Split("code=")[1].Split('&')[0];
        var answer = await browser.Post($"{issuer.Address}/token", ("grant_type", "authorization_code"), ("code", code),
            ("redirect_uri", "http://127.0.0.1/back"), ("client_id", "till"), ("code_verifier", Verifier));
        var tokens = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        var idToken = (string)tokens["id_token"]!;
        Assert.Equal(["till"], new JsonWebToken(idToken).Audiences);

        // Without a resource the access token is the issuer's own affair and no JWT.
        string[] others = [idToken, (string)tokens["access_token"]!, await issuer.Token(audience: "https://other.openbitum.test")];
        foreach (var other in others)
        {
            var refused = await server.Get("/api/customer/entitlements", other);
            Assert.Equal((HttpStatusCode.Unauthorized, "unauthorized"), (refused.Status, refused.Error));
        }

        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, await issuer.Token())).Status);
    }

    [Fact]
    public async Task Public_keys_sign_nothing()
    {
        await using var issuer = await RealIssuer.Start();
        await using var server = await Against(issuer);
        var good = await issuer.Token(algorithm: "RS256");
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, good)).Status);

        foreach (var forged in Forgeries(good, await issuer.Keys()))
        {
            var refused = await server.Get(Products, forged);
            Assert.True(refused.Status is HttpStatusCode.Unauthorized, $"{refused.Status} for {forged}");
        }
    }

    [Fact]
    public async Task Withdrawn_keys_end_with_the_next_look_and_new_ones_begin_with_it()
    {
        await using var issuer = await RealIssuer.Start();
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var server = await Against(issuer, clock);
        var before = await issuer.Token();
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, before)).Status);
        Assert.Equal(1, await issuer.KeyFetches());

        await issuer.Rotate();
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, before)).Status);

        // The first fetch does not count, so a rotation right after it is noticed at once.
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, await issuer.Token())).Status);
        Assert.Equal(2, await issuer.KeyFetches());
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, before)).Status);

        await issuer.Rotate();
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, await issuer.Token())).Status);
        Assert.Equal(2, await issuer.KeyFetches());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, await issuer.Token())).Status);
        Assert.Equal(3, await issuer.KeyFetches());
    }

    [Fact]
    public async Task However_many_unknown_keys_are_named_the_issuer_is_asked_once_a_minute()
    {
        await using var issuer = await RealIssuer.Start();
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var server = await Against(issuer, clock);
        var good = await issuer.Token();
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, good)).Status);

        for (var minute = 1; minute <= 3; minute++)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(number =>
                server.Get(Products, WithHeader(good, $$"""{"alg":"ES384","typ":"at+jwt","kid":"{{minute}}-{{number}}"}"""))));

            Assert.All(replies, reply => Assert.Equal(HttpStatusCode.Unauthorized, reply.Status));
            Assert.Equal(1 + minute, await issuer.KeyFetches());
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, good)).Status);
    }

    [Fact]
    public async Task Known_keys_keep_working_while_the_issuer_is_down_and_before_that_nothing_is_said()
    {
        await using var issuer = await RealIssuer.Start();
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var server = await Against(issuer, clock);
        var token = await issuer.Token();
        await issuer.GoDown();

        var unknown = await server.Get(Products, token);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (unknown.Status, unknown.Error));
        Assert.Equal("1", unknown.Headers["Retry-After"]);
        Assert.Equal(HttpStatusCode.OK, (await server.Get("/api/products")).Status);

        await issuer.ComeBack();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, token)).Status);

        await issuer.GoDown();
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, token)).Status);
        var stranger = WithHeader(token, """{"alg":"ES384","typ":"at+jwt","kid":"unknown"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, stranger)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, token)).Status);
    }

    [Fact]
    public async Task A_token_is_good_until_a_minute_after_its_end()
    {
        await using var issuer = await RealIssuer.Start();
        var token = await issuer.Token();
        var end = new DateTimeOffset(new JsonWebToken(token).ValidTo, TimeSpan.Zero);
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var server = await Against(issuer, clock);

        clock.AdvanceTo(end + TimeSpan.FromSeconds(60) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, token)).Status);
        clock.AdvanceTo(end + TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, token)).Status);
    }

    /// <summary>Time stands unless it is moved: the host waits for an issuer for seconds only, and a busy machine may need more.</summary>
    private static Task<ApiServer> Against(RealIssuer issuer, ManualClock? clock = null) => ApiServer.Start(
        issuer.Settings, services => services.AddSingleton<TimeProvider>(clock ?? new ManualClock(TimeProvider.System.GetUtcNow())));

    /// <summary>What can be made of a token and of the published keys.</summary>
    private static IEnumerable<string> Forgeries(string good, JsonArray keys)
    {
        var parts = good.Split('.');
        var key = keys.Single(one => (string)one!["alg"]! == "RS256")!.AsObject();
        var id = (string)key["kid"]!;
        foreach (var none in new[] { "none", "None", "NONE", "nOnE", "" })
        {
            yield return WithHeader(good, $$"""{"alg":"{{none}}","typ":"at+jwt","kid":"{{id}}"}""", "");
            yield return WithHeader(good, $$"""{"alg":"{{none}}","typ":"at+jwt"}""");
        }

        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64UrlEncoder.DecodeBytes((string)key["n"]!), Exponent = Base64UrlEncoder.DecodeBytes((string)key["e"]!),
        });
        byte[][] secrets =
        [
            Encoding.UTF8.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()), Encoding.UTF8.GetBytes(rsa.ExportSubjectPublicKeyInfoPem() + "\n"),
            Encoding.UTF8.GetBytes(rsa.ExportRSAPublicKeyPem()), rsa.ExportSubjectPublicKeyInfo(), rsa.ExportRSAPublicKey(),
            Encoding.UTF8.GetBytes((string)key["n"]!), Base64UrlEncoder.DecodeBytes((string)key["n"]!), Encoding.UTF8.GetBytes(key.ToJsonString()), [],
        ];
        foreach (var secret in secrets)
        {
            var header = Base64UrlEncoder.Encode($$"""{"alg":"HS256","typ":"at+jwt","kid":"{{id}}"}""");
            var mac = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"{header}.{parts[1]}"));
            yield return $"{header}.{parts[1]}.{Base64UrlEncoder.Encode(mac)}";
        }

        // A signature by a key of one's own, and every way of a header to bring that key along.
        using var own = RSA.Create(2048);
        var mine = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(own.ExportParameters(false)));
        var jwk = $$"""{"kty":"RSA","n":"{{mine.N}}","e":"{{mine.E}}","kid":"{{id}}","alg":"RS256"}""";
        string[] brought =
        [
            $"\"jwk\":{jwk}", "\"jku\":\"http://127.0.0.1:9/jwks\"", "\"x5u\":\"http://127.0.0.1:9/cert\"",
            $"\"x5c\":[\"{Convert.ToBase64String(own.ExportSubjectPublicKeyInfo())}\"]", "\"x5t\":\"AAAA\"",
        ];
        foreach (var also in brought)
        {
            foreach (var named in new[] { $"\"kid\":\"{id}\",", "" })
            {
                var header = Base64UrlEncoder.Encode($$"""{"alg":"RS256","typ":"at+jwt",{{named}}{{also}}}""");
                var signature = own.SignData(Encoding.ASCII.GetBytes($"{header}.{parts[1]}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                yield return $"{header}.{parts[1]}.{Base64UrlEncoder.Encode(signature)}";
            }
        }

        var claims = Base64UrlEncoder.Decode(parts[1]).Replace("\"sub\":\"", "\"sub\":\"x", StringComparison.Ordinal);
        yield return $"{parts[0]}.{Base64UrlEncoder.Encode(claims)}.{parts[2]}";
        yield return $"{parts[0]}.{parts[1]}.";
        yield return $"{parts[0]}.{parts[1]}";
        yield return $"{parts[0]}.{parts[1]}.{parts[2]}.";
        yield return $"{parts[0]}.{parts[1]}.{parts[2]}.{parts[1]}.{parts[2]}";
        yield return $"{parts[0]}.{parts[1]}.{new string('A', 20_000)}";
    }

    private static string WithHeader(string token, string header, string? signature = null)
    {
        var parts = token.Split('.');
        return $"{Base64UrlEncoder.Encode(header)}.{parts[1]}.{signature ?? parts[2]}";
    }
}
