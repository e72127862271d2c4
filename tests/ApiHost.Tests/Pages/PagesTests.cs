using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace OpenBitum.Tests.Pages;

public sealed class PagesTests(SharedServer shared)
{
    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task The_checkout_page_shows_what_to_pay_and_encodes_what_the_merchant_wrote()
    {
        var product = await server.NewProduct(ApiServer.NewMerchant(), new JsonObject { ["name"] = "<script>alert(1)</script>" });
        var order = await server.NewOrder(product);
        var view = await server.Get($"/api/orders/{order}");

        var page = await server.Get($"/checkout/{order}");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains(view.Text("paymentMethods.0.address"), page.Body, StringComparison.Ordinal);
        Assert.Contains("19.9 SANDBOX", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)<", page.Body, StringComparison.Ordinal);
        Assert.Contains(">&lt;script&gt;alert(1)&lt;/script&gt;</h1>", page.Body, StringComparison.Ordinal);

        await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order });
        var settled = await server.Get($"/checkout/{order}");
        Assert.Contains(">Paid<", settled.Body, StringComparison.Ordinal);
        Assert.Contains("<dt>Received</dt><dd>19.9 SANDBOX</dd>", settled.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_order_follows_its_events_and_is_loaded_again_only_where_no_script_runs()
    {
        var order = await server.NewOrder(await server.NewProduct(ApiServer.NewMerchant()));

        var open = await server.Get($"/checkout/{order}");

        // A page that loads itself again takes focus and selection away (WCAG 2.2.1).
        Assert.Contains("<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>", open.Body, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(open.Body, "http-equiv"));
        Assert.Contains("connect-src 'self'", open.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal(PolicyOfScript(open), HashOfScript(open));

        await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order });
        var settled = await server.Get($"/checkout/{order}");
        Assert.DoesNotContain("http-equiv", settled.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", settled.Body, StringComparison.Ordinal);
        Assert.Contains("script-src 'none'", settled.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_come_is_shown_with_its_confirmations_and_what_is_too_much()
    {
        // A chain of its own: whoever pays on the shared one mines what is not confirmed here yet.
        await using var alone = await ApiServer.Start();
        var order = await alone.NewOrder(await alone.NewProduct(ApiServer.NewMerchant()));

        await alone.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order, ["amount"] = "5", ["confirmations"] = 0 });
        var partly = await alone.Get($"/checkout/{order}");
        await alone.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order, ["amount"] = "15", ["confirmations"] = 0 });
        var seen = await alone.Get($"/checkout/{order}");
        await alone.Post("/api/sandbox/mine", new JsonObject { ["blocks"] = 1 });
        var paid = await alone.Get($"/checkout/{order}");

        Assert.Contains("<dt>Received</dt><dd>5 SANDBOX</dd>", partly.Body, StringComparison.Ordinal);
        Assert.Contains("exactly <strong>14.9 SANDBOX</strong>", partly.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Confirmations", partly.Body, StringComparison.Ordinal);
        Assert.Contains("<dt>Received</dt><dd>20 SANDBOX</dd>", seen.Body, StringComparison.Ordinal);
        Assert.Contains("<dt>Confirmations</dt><dd>0 of 1</dd>", seen.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Pay before", seen.Body, StringComparison.Ordinal);
        Assert.Contains("You have sent 0.1 SANDBOX more than was due.", paid.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Confirmations", paid.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_way_back_is_named_as_resolvers_know_it()
    {
        // Whoever begins a checkout and sends its link to somebody else chooses where it leads back to: the first letters are Cyrillic.
        var opened = await server.Post("/api/checkout/initiate", new JsonObject
        {
            ["productId"] = await server.NewProduct(ApiServer.NewMerchant()),
            ["email"] = "buyer@example.com",
            ["returnUrl"] = "https://\u0440\u0430ypal.com/thanks",
        });

        var page = await server.Get($"/checkout/{opened.Text("orderId")}");

        Assert.Contains(">Back to xn--ypal-43d9g.com<", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_order_has_a_page_that_says_so()
    {
        var page = await server.Get("/checkout/ord_01ARZ3NDEKTSV4RRFFQ69G5FAV");

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Contains("There is no such order.", page.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/nothing/here", 404)]
    [InlineData("GET", "/checkout/ord_01ARZ3NDEKTSV4RRFFQ69G5FAV/", 404)]
    [InlineData("DELETE", "/sign-in", 405)]
    [InlineData("DELETE", "/checkout/ord_01ARZ3NDEKTSV4RRFFQ69G5FAV", 405)]
    public async Task A_person_who_opens_a_wrong_address_is_shown_a_page_and_everybody_else_json(string method, string path, int status)
    {
        const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8";

        var page = await server.Send(new HttpMethod(method), path, null, null, ("Accept", Browser));
        var json = await server.Send(new HttpMethod(method), path, null, null, ("Accept", "*/*"));

        Assert.Equal(((HttpStatusCode)status, (HttpStatusCode)status), (page.Status, json.Status));
        Assert.Equal("text/html; charset=utf-8", page.Headers["Content-Type"]);
        Assert.Contains("<h1>", page.Body, StringComparison.Ordinal);
        Assert.Contains("script-src 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
        Assert.Equal("application/json; charset=utf-8", json.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/nothing")]
    [InlineData("/portalpay/api/nothing")]
    [InlineData("/portalpay/nothing")]
    [InlineData("/api/merchant/orders")]
    [InlineData("/healthz/nothing")]
    [InlineData("/openapi/v2.json")]
    public async Task The_api_speaks_json_to_a_browser_too(string path) =>
        Assert.Equal("application/json; charset=utf-8", (await server.Get(path, null, ("Accept", "text/html"))).Headers["Content-Type"]);

    [Fact]
    public async Task A_way_to_pay_that_cannot_be_used_is_said_on_the_page()
    {
        var order = await server.NewOrder(await server.NewProduct(ApiServer.NewMerchant()));
        var form = new FormUrlEncodedContent([KeyValuePair.Create("method", "BTC")]);

        var chosen = await server.Send(HttpMethod.Post, $"/checkout/{order}", form);
        var page = await server.Get(chosen.Headers["Location"]);

        Assert.Equal(HttpStatusCode.SeeOther, chosen.Status);
        Assert.Contains("This way to pay cannot be used at present.", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be used", (await server.Get($"/checkout/{order}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_buyer_whose_money_the_network_took_back_is_sent_to_the_shop()
    {
        await using var alone = await ApiServer.Start();
        var order = await alone.NewOrder(await alone.NewProduct(ApiServer.NewMerchant()));
        await alone.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order });
        Assert.DoesNotContain("Ask the shop", (await alone.Get($"/checkout/{order}")).Body, StringComparison.Ordinal);

        await alone.Post("/api/sandbox/reorg", new JsonObject { ["depth"] = 1, ["keep"] = false });

        var page = (await alone.Get($"/checkout/{order}")).Body;
        Assert.Contains(">Payment lost<", page, StringComparison.Ordinal);
        Assert.Contains(
            "The network no longer knows the payment, though it was confirmed. Ask the shop what to do.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_picks_a_method_and_shows_the_page_again()
    {
        var order = await server.NewOrder(await server.NewProduct(ApiServer.NewMerchant()));
        var form = new FormUrlEncodedContent([KeyValuePair.Create("method", "SANDBOX")]);

        var chosen = await server.Send(HttpMethod.Post, $"/checkout/{order}", form);

        Assert.Equal(HttpStatusCode.SeeOther, chosen.Status);
        Assert.Equal($"/checkout/{order}", chosen.Headers["Location"]);
    }

    [Theory]
    [InlineData("multipart/form-data", "x", 415)]
    [InlineData("multipart/form-data; boundary=b", "x", 415)]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "method=SANDBOX", 415)]
    [InlineData("application/json", "{}", 415)]
    [InlineData("text", "method=SANDBOX", 415)]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8", "method=SANDBOX", 303)]
    [InlineData("application/x-www-form-urlencoded", "", 303)]
    [InlineData("application/x-www-form-urlencoded", "method=x&method=y", 303)]
    public async Task The_form_is_a_browsers_or_none(string type, string text, int status) =>
        Assert.Equal((HttpStatusCode)status, (await Send(type, text)).Status);

    [Fact]
    public async Task A_form_that_no_browser_makes_of_the_page_is_malformed()
    {
        Reply[] refused =
        [
            await Send("application/x-www-form-urlencoded", string.Concat(Enumerable.Repeat("f=1&", 1_025))),
            await Send("application/x-www-form-urlencoded", new string('k', 2_049) + "=1"),
            await Send("application/x-www-form-urlencoded", "method=%00"),
        ];

        Assert.All(refused, reply => Assert.Equal($"{HttpStatusCode.BadRequest} malformed", $"{reply.Status} {reply.Error}"));
        Assert.Equal("payload_too_large", (await Send("application/x-www-form-urlencoded", new string('k', 256 * 1024 + 1))).Error);
    }

    [Fact]
    public async Task The_sign_in_page_runs_its_own_script_and_no_other()
    {
        var page = await server.Get("/sign-in");

        Assert.Contains("script-src 'sha256-", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal(PolicyOfScript(page), HashOfScript(page));
    }

    [Fact]
    public async Task The_sign_in_page_asks_for_a_session_only_where_a_cookie_may_hold_one()
    {
        Assert.DoesNotContain("data-cookie", (await server.Get("/sign-in")).Body, StringComparison.Ordinal);
        Assert.Contains("data-cookie", (await server.Get("/sign-in", null, ("Cookie", "cb_auth_token=x"))).Body, StringComparison.Ordinal);
    }

    private static string PolicyOfScript(Reply page) =>
        Regex.Match(page.Headers["Content-Security-Policy"], "script-src '(sha256-[^']+)'").Groups[1].Value;

    private static string HashOfScript(Reply page) => "sha256-" + Convert.ToBase64String(SHA256.HashData(
        Encoding.UTF8.GetBytes(Regex.Match(page.Body, "<script>(.*)</script>", RegexOptions.Singleline).Groups[1].Value)));

    private async Task<Reply> Send(string type, string text)
    {
        var order = await server.NewOrder(await server.NewProduct(ApiServer.NewMerchant()));
        var form = new ByteArrayContent(Encoding.ASCII.GetBytes(text));
        form.Headers.TryAddWithoutValidation("Content-Type", type);
        return await server.Send(HttpMethod.Post, $"/checkout/{order}", form);
    }
}
