using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Access;
using Xunit;

namespace OpenBitum.Tests.Access;

public sealed class SessionTests(SharedServer shared)
{
    private const string Path = "/api/auth/session";

    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task A_sign_in_link_opens_one_session_once()
    {
        var link = await server.Services.GetRequiredService<SignInLink>().Make();
        Assert.StartsWith($"{server.Address}/sign-in#", link, StringComparison.Ordinal);
        var body = new JsonObject { ["code"] = link.Split('#')[1] };

        var signedIn = await server.Post(Path, body, null, ("Origin", server.Address));
        Assert.Equal(HttpStatusCode.OK, signedIn.Status);
        Assert.Equal("default", signedIn.Text("merchant"));
        Assert.Equal("""["admin","operator"]""", signedIn.Text("roles"));
        var cookie = signedIn.Headers["Set-Cookie"];
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);

        var again = await server.Post(Path, body, null, ("Origin", server.Address));
        Assert.Equal(HttpStatusCode.Unauthorized, again.Status);
    }

    [Fact]
    public async Task A_cookie_reads_and_writes_only_what_was_meant()
    {
        var (cookie, csrf) = await SignIn();
        Assert.Equal(HttpStatusCode.OK, (await server.Get("/api/merchant/products", null, cookie)).Status);
        Assert.Equal(csrf, (await server.Get(Path, null, cookie)).Text("csrfToken"));

        var body = new JsonObject { ["name"] = "x", ["price"] = new JsonObject { ["amount"] = "1", ["currency"] = "USD" } };
        (string, string) origin = ("Origin", server.Address), proof = ("X-CSRF-Token", csrf);
        Assert.Equal(HttpStatusCode.Forbidden, (await Create(cookie)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Create(cookie, proof)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Create(cookie, origin)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Create(cookie, proof, ("Origin", "https://evil.example"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Create(cookie, proof, ("Origin", "null"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Create(cookie, origin, ("X-CSRF-Token", (await SignIn()).Csrf))).Status);
        Assert.Equal(HttpStatusCode.Created, (await Create(cookie, origin, proof)).Status);

        var form = new ByteArrayContent("name=x"u8.ToArray());
        form.Headers.ContentType = new("application/x-www-form-urlencoded");
        var refused = await server.Send(HttpMethod.Post, "/api/merchant/products", form, null, cookie, origin, proof);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.Status);

        Task<Reply> Create(params (string, string)[] headers) => server.Post("/api/merchant/products", body, null, headers);
    }

    [Fact]
    public async Task Signing_out_ends_the_token_wherever_it_is_shown_and_for_good()
    {
        await using var own = await ApiServer.Start();
        var token = own.Admin();
        var opened = await own.Post(Path, new JsonObject(), token);
        (string, string) cookie = ("Cookie", opened.Headers["Set-Cookie"].Split(';')[0]);

        var signedOut = await own.Send(
            HttpMethod.Delete, Path, null, null, cookie, ("Origin", own.Address), ("X-CSRF-Token", opened.Text("csrfToken")));
        Assert.Equal(HttpStatusCode.NoContent, signedOut.Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await own.Get("/api/merchant/products", token)).Status);
        await own.Restart();
        Assert.Equal(HttpStatusCode.Unauthorized, (await own.Get("/api/merchant/products", token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await own.Get("/api/merchant/products", own.Admin())).Status);
    }

    [Fact]
    public async Task Two_kinds_of_credential_are_never_a_union_of_rights()
    {
        var (cookie, _) = await SignIn();

        var refused = await server.Get("/api/merchant/products", server.Admin(), cookie);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal("two_credentials", refused.Error);
        Assert.Equal(HttpStatusCode.OK, (await server.Get("/api/products", server.Admin(), cookie)).Status);
    }

    [Theory]
    [InlineData("{0}; {1}")]
    [InlineData("{1}; {0}")]
    [InlineData("{0}; other=1;{1}")]
    [InlineData("cb_auth_token=; {0}")]
    [InlineData("{0}; CB_AUTH_TOKEN=x")]
    [InlineData("{0}; {0}")]
    public async Task Of_two_session_cookies_none_is_picked(string form)
    {
        // Who has a page on a neighbouring host can set a cookie for this one, and have the owner work in a session of theirs.
        var ((_, mine), (_, theirs)) = ((await SignIn()).Cookie, (await SignIn()).Cookie);
        (string, string) cookies = ("Cookie", string.Format(CultureInfo.InvariantCulture, form, mine, theirs));

        var refused = await server.Get("/api/merchant/products", null, cookies);

        Assert.Equal((HttpStatusCode.BadRequest, "two_credentials"), (refused.Status, refused.Error));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Get(Path, null, cookies)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get("/api/products", null, cookies)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get("/api/merchant/products", null, ("Cookie", $"a=cb_auth_token; {mine}; not_cb_auth_token=1"))).Status);
    }

    [Fact]
    public async Task A_code_from_another_sites_page_is_refused_and_stays_good()
    {
        var code = (await server.Services.GetRequiredService<SignInLink>().Make()).Split('#')[1];

        Assert.Equal(HttpStatusCode.Forbidden, (await Redeem("https://evil.example")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Redeem(server.Address)).Status);

        Task<Reply> Redeem(string origin) => server.Post(Path, new JsonObject { ["code"] = code }, null, ("Origin", origin));
    }

    [Fact]
    public async Task An_opened_session_is_never_kept_under_an_Idempotency_Key()
    {
        var token = server.Admin(ApiServer.NewMerchant());

        for (var call = 0; call < 2; call++)
        {
            var opened = await server.Post(Path, new JsonObject(), token, ("Idempotency-Key", "the same"));
            Assert.Equal(HttpStatusCode.OK, opened.Status);
            Assert.True(opened.Headers.ContainsKey("Set-Cookie"));
            Assert.False(opened.Headers.ContainsKey("Idempotent-Replayed"));
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await server.Post(Path, new JsonObject(), token, ("Idempotency-Key", ""))).Status);
    }

    [Theory]
    [InlineData("https://shop.example", true)]
    [InlineData("http://shop.example", true)]
    [InlineData("https://localhost:8443", false)]
    [InlineData("http://[::1]:4000", false)]
    public async Task Off_this_machine_the_cookie_goes_over_a_closed_wire_only(string address, bool isSecure)
    {
        await using var own = await ApiServer.Start(new() { ["PublicBaseUrl"] = address });
        var opened = await own.Post(Path, new JsonObject(), own.Admin(), ("Origin", address));

        var parts = opened.Headers["Set-Cookie"].Split("; ");
        Assert.StartsWith("cb_auth_token=ey", parts[0], StringComparison.Ordinal);
        var attributes = parts[1..].Where(part => !part.StartsWith("expires=", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        string[] wanted = isSecure ? ["httponly", "path=/", "samesite=lax", "secure"] : ["httponly", "path=/", "samesite=lax"];
        Assert.Equal(wanted, attributes);
        Assert.Equal(
            opened.Text("expiresAt")[..19].Replace('T', ' '),
            DateTimeOffset.Parse(parts.Single(part => part.StartsWith("expires=", StringComparison.Ordinal))[8..], CultureInfo.InvariantCulture)
                .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));

        // The public address is the only origin, whatever the host listens on.
        (string, string)[] proof = [("Cookie", parts[0]), ("X-CSRF-Token", opened.Text("csrfToken"))];
        Assert.Equal(HttpStatusCode.Forbidden, (await SignOut(own.Address)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SignOut(address + ".evil.example")).Status);
        var closed = await SignOut(address);
        Assert.Equal(HttpStatusCode.NoContent, closed.Status);
        Assert.StartsWith("cb_auth_token=; expires=Thu, 01 Jan 1970", closed.Headers["Set-Cookie"], StringComparison.Ordinal);

        Task<Reply> SignOut(string origin) => own.Send(HttpMethod.Delete, Path, null, null, [.. proof, ("Origin", origin)]);
    }

    [Fact]
    public async Task A_token_that_a_browser_would_drop_in_silence_opens_no_session()
    {
        var fits = Enumerable.Range(2600, 400).Select(length => server.Token(["admin"], subject: new string('s', length)))
            .Last(token => token.Length <= 4000);
        var over = server.Token(["admin"], subject: new string('s', 2800));

        Assert.True(over.Length > 4000, $"{over.Length}");
        var refused = await server.Post(Path, new JsonObject(), over);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "payload_too_large"), (refused.Status, refused.Error));
        Assert.False(refused.Headers.ContainsKey("Set-Cookie"));
        Assert.Equal(HttpStatusCode.OK, (await server.Post(Path, new JsonObject(), fits)).Status);
    }

    [Fact]
    public async Task Signing_out_with_the_bearer_itself_ends_it_and_its_cookies()
    {
        var token = server.Admin(ApiServer.NewMerchant());
        var opened = await server.Post(Path, new JsonObject(), token);
        (string, string) cookie = ("Cookie", opened.Headers["Set-Cookie"].Split(';')[0]);

        Assert.Equal(HttpStatusCode.NoContent, (await server.Send(HttpMethod.Delete, Path, null, token, ("Idempotency-Key", "out"))).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Path, null, cookie)).Status);
        var again = await server.Send(HttpMethod.Delete, Path, null, token, ("Idempotency-Key", "out"));
        Assert.Equal(HttpStatusCode.Unauthorized, again.Status);
        Assert.Equal("Bearer error=\"invalid_token\"", again.Headers["WWW-Authenticate"]);
        Assert.Equal("Bearer", (await server.Post(Path, new JsonObject())).Headers["WWW-Authenticate"]);
    }

    private async Task<((string, string) Cookie, string Csrf)> SignIn()
    {
        var opened = await server.Post(Path, new JsonObject(), server.Admin(ApiServer.NewMerchant()));
        Assert.Equal(HttpStatusCode.OK, opened.Status);
        return (("Cookie", opened.Headers["Set-Cookie"].Split(';')[0]), opened.Text("csrfToken"));
    }
}
