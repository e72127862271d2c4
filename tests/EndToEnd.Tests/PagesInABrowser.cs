using OpenBitum.Tests.Access;

namespace OpenBitum.EndToEnd;

/// <summary>What a person sees in a real browser, with its scripts, cookies and policies.</summary>
public sealed class PagesInABrowser(Market market) : IClassFixture<Market>
{
    [Fact]
    public async Task A_buyer_sees_the_payment_come_and_settle_without_loading_the_page_again()
    {
        Assert.SkipWhen(Market.Missing is not null, Market.Missing ?? "");
        Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");
        var (order, address, due) = await market.Order();
        await using var browser = await Chromium.Start(market.Host.Address);

        await browser.Go(new Uri(market.Host.Address, $"/checkout/{order}"));
        Assert.Equal("Waiting for payment", await browser.See(".status"));
        Assert.Equal(address, await browser.See(".address"));
        Assert.Equal("0.24875 LTC", await browser.See("strong"));
        await browser.Evaluate("window.isTheSame = true");

        await market.Pay(address, due);
        await browser.See(".status", "Payment seen, waiting for confirmation");
        await browser.See("dd", "0 of 2");
        await market.Node.Mine(2);
        await browser.See("dt", "Paid");

        Assert.Equal("Paid", await browser.See(".status"));
        Assert.True((bool?)await browser.Evaluate("window.isTheSame"));
        Assert.Empty(await browser.Complaints());
    }

    [Fact]
    public async Task An_administrator_signs_in_at_the_issuer_and_out_and_leaves_nothing_behind()
    {
        Assert.SkipWhen(GrainProcess.Missing is not null, GrainProcess.Missing ?? "");
        Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");
        await using var issuer = await RealIssuer.Start();
        var dataDirectory = Directory.CreateTempSubdirectory("openbitum-sign-in-").FullName;
        try
        {
            await using var host = new HostProcess(
                dataDirectory, new Dictionary<string, string>(issuer.Settings) { ["Auth:ClientId"] = "page" });
            await issuer.Register("page", new Uri(host.Address, "/api/auth/callback").AbsoluteUri);
            await host.Start();
            await using var browser = await Chromium.Start(host.Address);

            await browser.Go(new Uri(host.Address, "/sign-in"));
            await browser.See("#say", "You are not signed in.");
            Assert.Equal("Sign in", await browser.See("#in"));
            await SignIn(browser, new Uri(host.Address, "/api/auth/login"));
            await browser.See("#say", "Signed in as alice of org-a");

            var cookie = Assert.Single(await browser.Cookies(), cookie => (string?)cookie["name"] == "cb_auth_token");
            Assert.Equal((true, "Lax", "/"), ((bool)cookie["httpOnly"]!, (string)cookie["sameSite"]!, (string)cookie["path"]!));
            Assert.Equal("", (string?)await browser.Evaluate("document.cookie"));

            await browser.Go(new Uri(host.Address, "/api/merchant/products"));
            await browser.See("body", "\"data\":[]");
            await browser.Go(new Uri(host.Address, "/sign-in"));
            await browser.Click("#out");
            await browser.See("#say", "Signed out.");
            Assert.DoesNotContain(await browser.Cookies(), cookie => (string?)cookie["name"] == "cb_auth_token");
            Assert.Empty(await browser.Complaints());

            await browser.Back();
            await browser.See("body", "\"unauthorized\"");
        }
        finally
        {
            Directory.Delete(dataDirectory, recursive: true);
        }
    }

    /// <summary>The host waits five seconds for the issuer, and then says so on a page: on a slow machine it is tried again.</summary>
    private static async Task SignIn(Chromium browser, Uri login)
    {
        const string SignedIn = "OpenBitum";
        const string NotSignedIn = "Not signed in";
        for (var attempt = 0; attempt < 20; attempt++)
        {
            await browser.Go(login);
            if (await browser.See("h1") is not (SignedIn or NotSignedIn))
            {
                await browser.Fill("input[name=login]", "alice");
                await browser.Fill("input[name=password]", "any");
                await browser.Click("button[type=submit]");
            }

            if (await browser.See($"h1:text-matches('^({SignedIn}|{NotSignedIn})$')") == SignedIn)
            {
                return;
            }
        }

        Assert.Fail("The issuer never answered in time.");
    }
}
