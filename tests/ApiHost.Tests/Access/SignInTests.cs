using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Access;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Access;

/// <summary>A browser signs in at a real issuer and comes back with a session.</summary>
public sealed class SignInTests
{
    private const string Login = "/api/auth/login";
    private const string Callback = "/api/auth/callback";

    [Theory]
    [InlineData(null, "client_secret_basic")]
    [InlineData("a secret: with + and %", "client_secret_basic")]
    [InlineData("a secret: with + and %", "client_secret_post")]
    public async Task A_browser_signs_in_at_the_issuer_and_comes_back_as_an_admin_of_its_organisation(string? secret, string method)
    {
        await using var issuer = await RealIssuer.Start(method);
        await using var server = await Against(issuer, secret, method);
        using var browser = new Browser();

        var back = await browser.SignIn($"{server.Address}{Login}?returnTo=/checkout/x%3Fa=b", "alice", server.Address + Callback);
        var done = await browser.Get(back);

        Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        Assert.Equal($"{server.Address}/checkout/x?a=b", done.Headers.Location!.OriginalString);
        Assert.Equal("no-store", done.Headers.CacheControl!.ToString());
        Assert.Null(browser.Cookie(server.Address, SignInAttempts.CookieName));
        (string, string) cookie = ("Cookie", $"{Session.CookieName}={browser.Cookie(server.Address, Session.CookieName)}");
        var session = await server.Get("/api/auth/session", null, cookie);
        Assert.Equal(("alice", "org-a", """["admin","operator"]"""), (session.Text("subject"), session.Text("merchant"), session.Text("roles")));

        // It writes with what every session needs, and is over when it is signed out of.
        (string, string)[] write = [cookie, ("Origin", server.Address), ("X-CSRF-Token", session.Text("csrfToken"))];
        var body = JsonNode.Parse("""{"name":"x","price":{"amount":"1","currency":"USD"}}""")!;
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Post("/api/merchant/products", body, null, cookie)).Status);
        Assert.Equal(HttpStatusCode.Created, (await server.Post("/api/merchant/products", body, null, write)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Send(HttpMethod.Delete, "/api/auth/session", null, null, write)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get("/api/auth/session", null, cookie)).Status);

        // The code is good once, and so is the attempt.
        Assert.Equal("stale", await Problem(browser, back));
    }

    [Fact]
    public async Task Whoever_has_no_role_at_the_issuer_has_none_here()
    {
        await using var issuer = await RealIssuer.Start();
        await using var server = await Against(issuer);

        Assert.Equal(HttpStatusCode.Forbidden, await ProductsFor("clerk"));
        Assert.Equal(HttpStatusCode.OK, await ProductsFor("bob"));

        async Task<HttpStatusCode> ProductsFor(string account)
        {
            using var browser = new Browser();
            var back = await browser.SignIn(server.Address + Login, account, server.Address + Callback);
            Assert.Equal($"{server.Address}/sign-in", (await browser.Get(back)).Headers.Location!.OriginalString);
            return (await browser.Get($"{server.Address}/api/merchant/products")).StatusCode;
        }
    }

    [Fact]
    public async Task An_answer_of_the_issuer_is_worth_nothing_in_another_browser_or_under_another_state()
    {
        await using var issuer = await RealIssuer.Start();
        await using var server = await Against(issuer);
        using var browser = new Browser();
        var back = await browser.SignIn(server.Address + Login, "alice", server.Address + Callback);

        // An attacker's code, sent to somebody who is not signing in, or who is signing in as well.
        using var victim = new Browser();
        await Refused(victim, back);
        await victim.Get(server.Address + Login);
        await Refused(victim, back);
        await Refused(browser, back.Replace("state=", "state=x", StringComparison.Ordinal));
        await Refused(browser, QueryHelpers.AddQueryString(server.Address + Callback, "code", "x"));
        await Refused(browser, back.Replace("iss=", "iss=https://other.example&issued=", StringComparison.Ordinal));
        await Refused(browser, QueryHelpers.AddQueryString(back, "state", "second"));

        // Nothing of that has used the attempt up.
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.Get(back)).StatusCode);

        static async Task Refused(Browser browser, string address)
        {
            Assert.Equal("stale", await Problem(browser, address));
            Assert.Null(browser.Cookie(address, Session.CookieName));
        }
    }

    [Fact]
    public async Task An_attempt_is_good_for_ten_minutes_and_a_changed_cookie_for_none()
    {
        await using var issuer = await RealIssuer.Start();
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var server = await Against(issuer, clock: clock);
        var begun = await server.Get(Login);
        var state = QueryHelpers.ParseQuery(new Uri(begun.Headers["Location"]).Query)["state"].ToString();
        var value = begun.Headers["Set-Cookie"].Split(';')[0];

        // The issuer has said no: what tells a live attempt from a dead one here.
        Assert.Equal("ended", await Answer(value));
        Assert.Equal("stale", await Answer(value + "x"));
        Assert.Equal("stale", await Answer(value.Replace('.', '-')));
        var parts = value.Split('.');
        Assert.Equal("stale", await Answer(string.Join('.', parts[0], parts[1] + "0", parts[2], parts[3])));
        Assert.Equal("stale", await Answer(string.Join('.', parts[0], parts[1], "Ly9ldmlsLmV4YW1wbGU", parts[3])));

        clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.Equal("ended", await Answer(value));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("stale", await Answer(value));

        async Task<string> Answer(string cookie) => Word(
            (await server.Get($"{Callback}?error=access_denied&state={state}", null, ("Cookie", cookie))).Headers["Location"]);
    }

    [Fact]
    public async Task A_refusal_of_the_issuer_leads_to_a_page_that_says_so()
    {
        await using var issuer = await RealIssuer.Start();
        await using var server = await Against(issuer);
        using var browser = new Browser();

        // Its form has a link to end the sign-in.
        var form = await browser.Follow(await browser.Get(server.Address + Login), server.Address);
        var back = await browser.Follow(await browser.Get($"{form.RequestMessage!.RequestUri}/abort"), server.Address);
        Assert.Equal("ended", await Problem(browser, back.Headers.Location!.AbsoluteUri));

        // A token that no cookie can hold is refused and not lost in silence.
        Assert.Equal("not-meant", await Problem(browser, await browser.SignIn(server.Address + Login, "wide", server.Address + Callback)));

        using var other = new Browser();
        var genuine = new Uri(await other.SignIn(server.Address + Login, "alice", server.Address + Callback));
        var forged = QueryHelpers.AddQueryString(server.Address + Callback, new Dictionary<string, string?>
        {
            ["code"] = "another", ["state"] = QueryHelpers.ParseQuery(genuine.Query)["state"],
        });
        Assert.Equal("refused", await Problem(other, forged));
        Assert.Null(other.Cookie(server.Address, Session.CookieName));
        Assert.Null(browser.Cookie(server.Address, Session.CookieName));
    }

    [Fact]
    public async Task The_page_says_what_went_wrong_and_nothing_that_an_address_puts_into_its_mouth()
    {
        await using var server = await ApiServer.Start(Configured("https://issuer.example/oidc"));
        var usual = await server.Get("/sign-in");

        foreach (var word in new[] { "stale", "ended", "refused", "not-meant", "unavailable" })
        {
            var page = await server.Get($"/sign-in?problem={word}");
            Assert.Contains("Not signed in", page.Body, StringComparison.Ordinal);
            Assert.Contains("script-src 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        }

        Assert.Equal(usual.Body, (await server.Get("/sign-in?problem=Call+555")).Body);
        Assert.Equal(usual.Body, (await server.Get("/sign-in?problem=stale&problem=ended")).Body);
    }

    [Fact]
    public async Task While_the_issuer_is_down_the_sign_in_says_so_and_works_afterwards()
    {
        await using var issuer = await RealIssuer.Start();
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var server = await Against(issuer, clock: clock);
        using var browser = new Browser();
        await issuer.GoDown();
        Assert.Equal("unavailable", await Problem(browser, server.Address + Login));

        await issuer.ComeBack();
        clock.Advance(TimeSpan.FromSeconds(1));
        var back = await browser.SignIn(server.Address + Login, "alice", server.Address + Callback);
        await issuer.GoDown();
        Assert.Equal("unavailable", await Problem(browser, back));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("https:evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("evil.example")]
    [InlineData("@evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/a\r\nSet-Cookie: x=y")]
    [InlineData("/a b")]
    [InlineData("/ü")]
    [InlineData(" /a")]
    public async Task A_sign_in_leads_nowhere_but_here(string returnTo)
    {
        await using var server = await ApiServer.Start(Configured("https://issuer.example/oidc"));

        var refused = await server.Get($"{Login}?returnTo={Uri.EscapeDataString(returnTo)}");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(["returnTo unsafe_url"], refused.Details);
        Assert.False(refused.Headers.ContainsKey("Set-Cookie"));
    }

    [Fact]
    public async Task What_the_browser_is_sent_with_proves_the_attempt_and_tells_no_secret()
    {
        await using var issuer = await RealIssuer.Start();
        await using var server = await Against(issuer);

        var begun = await server.Get($"{Login}?returnTo=/{new string('a', 999)}");
        var query = QueryHelpers.ParseQuery(new Uri(begun.Headers["Location"]).Query);

        Assert.StartsWith($"{issuer.Address}/auth?", begun.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal("code", query["response_type"]);
        Assert.Equal("page", query["client_id"]);
        Assert.Equal($"{server.Address}{Callback}", query["redirect_uri"]);
        Assert.Equal("S256", query["code_challenge_method"]);
        Assert.Equal(43, query["code_challenge"].ToString().Length);
        Assert.Equal(issuer.Audience, query["resource"]);
        Assert.Equal("openid admin operator", query["scope"]);
        var cookie = begun.Headers["Set-Cookie"];
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(query["state"].ToString(), cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(query["nonce"].ToString(), cookie, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.Get($"{Login}?returnTo=/{new string('a', 1000)}")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.Get($"{Login}?next=/")).Status);
        var again = QueryHelpers.ParseQuery(new Uri((await server.Get(Login)).Headers["Location"]).Query);
        Assert.NotEqual(query["state"], again["state"]);
        Assert.NotEqual(query["code_challenge"], again["code_challenge"]);
    }

    [Fact]
    public async Task Without_a_client_there_is_no_sign_in_at_the_issuer_and_the_page_offers_none()
    {
        await using var server = await ApiServer.Start();
        foreach (var path in new[] { Login, $"{Login}?returnTo=//evil.example", $"{Callback}?code=x&state=y" })
        {
            Assert.Equal((HttpStatusCode.NotFound, """{"error":"not_found"}"""), ((await server.Get(path)).Status, (await server.Get(path)).Body));
        }

        Assert.DoesNotContain(Login, (await server.Get("/sign-in")).Body, StringComparison.Ordinal);
        await using var with = await ApiServer.Start(Configured("https://issuer.example/oidc"));
        Assert.Contains($"href=\"{Login}\"", (await with.Get("/sign-in")).Body, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Configured(string issuer) => new()
    {
        ["Auth:Issuer"] = issuer, ["Auth:Audience"] = "https://api.openbitum.test", ["Auth:ClientId"] = "page",
    };

    private static async Task<ApiServer> Against(
        RealIssuer issuer, string? secret = null, string method = "client_secret_basic", ManualClock? clock = null)
    {
        var settings = Configured(issuer.Address);
        if (secret is not null)
        {
            settings["Auth:ClientSecret"] = secret;
        }

        // Time stands unless it is moved: the host waits for an issuer for seconds only, and a busy machine may need more.
        var server = await ApiServer.Start(
            settings, services => services.AddSingleton<TimeProvider>(clock ?? new ManualClock(TimeProvider.System.GetUtcNow())));
        await issuer.Register("page", $"{server.Address}{Callback}", secret, method);
        return server;
    }

    /// <summary>Which problem the browser is shown when it goes there.</summary>
    private static async Task<string> Problem(Browser browser, string address) =>
        Word((await browser.Get(address)).Headers.Location?.OriginalString ?? "");

    private static string Word(string location)
    {
        Assert.StartsWith("/sign-in?problem=", location, StringComparison.Ordinal);
        return location["/sign-in?problem=".Length..];
    }
}
