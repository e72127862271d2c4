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

    private async Task<((string, string) Cookie, string Csrf)> SignIn()
    {
        var opened = await server.Post(Path, new JsonObject(), server.Admin(ApiServer.NewMerchant()));
        Assert.Equal(HttpStatusCode.OK, opened.Status);
        return (("Cookie", opened.Headers["Set-Cookie"].Split(';')[0]), opened.Text("csrfToken"));
    }
}
