using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenBitum.Tests.Shop;

/// <summary>What the documents change elsewhere: orders, pages, and what a subscription key sees.</summary>
public sealed class ShopEffectsTests
{
    private static readonly Dictionary<string, string> HalfADollar = new() { ["Rates:Fixed:SANDBOX:EUR"] = "0.5" };

    [Fact]
    public async Task An_order_keeps_the_fee_and_the_points_that_were_in_force_at_its_creation()
    {
        await using var server = await ApiServer.Start();
        var product = await server.NewProduct();
        var plain = await Seen(server, await server.NewOrder(product));
        Assert.Null(plain.Json["processingFee"]);
        Assert.Equal("0", plain.Text("xp"));

        await server.Post("/api/site/config", new JsonObject { ["processingFeePct"] = 1.50m }, server.Token(["operator"]));
        await server.Post("/api/shop/config", new JsonObject { ["xpPerDollar"] = 2.5m }, server.Admin());
        var order = await server.NewOrder(product);
        var charged = await Seen(server, order);
        Assert.Equal("""{"pct":"1.5","amount":"0.30","currency":"USD"}""", charged.Text("processingFee"));
        Assert.Equal("49", charged.Text("xp"));
        Assert.Equal("19.9", charged.Text("paymentMethods.0.due"));

        var buyer = await server.Get($"/api/orders/{order}");
        Assert.Null(buyer.Json["processingFee"]);
        Assert.Null(buyer.Json["xp"]);

        await server.Post("/api/site/config", new JsonObject { ["processingFeePct"] = null }, server.Token(["operator"]));
        await server.Post("/api/shop/config", new JsonObject { ["xpPerDollar"] = 0 }, server.Admin());
        await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order });
        var paid = await Seen(server, order);
        Assert.Equal("paid", paid.Text("status"));
        Assert.Equal((charged.Text("processingFee"), "49"), (paid.Text("processingFee"), paid.Text("xp")));
        Assert.Null((await Seen(server, await server.NewOrder(product))).Json["processingFee"]);

        var listed = await server.Get("/api/merchant/orders?status=paid", server.Admin());
        Assert.Equal(("49", charged.Text("processingFee")), (listed.Text("data.0.xp"), listed.Text("data.0.processingFee")));
    }

    [Fact]
    public async Task Points_of_another_currency_go_by_the_rate_that_was_locked()
    {
        await using var server = await ApiServer.Start(HalfADollar);
        await server.Post("/api/shop/config", new JsonObject { ["xpPerDollar"] = 1 }, server.Admin());
        var product = await server.NewProduct(
            fields: new JsonObject { ["price"] = new JsonObject { ["amount"] = "10.25", ["currency"] = "EUR" } });

        var order = await Seen(server, await server.NewOrder(product));

        // 10.25 EUR are 20.5 SANDBOX, and one SANDBOX is a dollar.
        Assert.Equal(("20.5", "20"), (order.Text("paymentMethods.0.due"), order.Text("xp")));
    }

    [Fact]
    public async Task A_subscription_key_reads_its_merchants_shop_and_writes_none()
    {
        await using var server = await ApiServer.Start();
        var made = await server.Post(
            "/api/merchant/keys", JsonNode.Parse("""{"name":"site","scopes":["shop:read"]}""")!, server.Admin("other"));
        var key = ("Ocp-Apim-Subscription-Key", made.Text("key"));

        // The default merchant's shop and the defaults are not this merchant's.
        await server.Post("/api/shop/config", new JsonObject { ["name"] = "Default", ["slug"] = "default-shop" }, server.Admin());
        var missing = await server.Get("/portalpay/api/shop/config", null, key);
        Assert.Equal((HttpStatusCode.NotFound, """{"error":"not_found"}"""), (missing.Status, missing.Body));
        Assert.Equal("Default", (await server.Get("/api/shop/config?slug=default-shop", null, key)).Text("config.name"));
        Assert.Equal(HttpStatusCode.OK, (await server.Get("/api/site/config", null, key)).Status);

        await server.Post("/api/shop/config", new JsonObject { ["name"] = "Other" }, server.Admin("other"));
        Assert.Equal("Other", (await server.Get("/portalpay/api/shop/config", null, key)).Text("config.name"));
        foreach (var path in new[] { "/api/shop/config", "/api/site/config" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await server.Post(path, new JsonObject { ["name"] = "Forged" }, null, key)).Status);
        }
    }

    [Fact]
    public async Task The_checkout_page_is_the_shops_own()
    {
        await using var server = await ApiServer.Start();
        var order = await server.NewOrder(await server.NewProduct());
        var plain = await server.Get($"/checkout/{order}");
        await server.Post(
            "/api/shop/config", JsonNode.Parse("""{"name":"Beans & <b>Bread</b>","theme":{"primaryColor":"#12abEF"}}""")!, server.Admin());

        var page = await server.Get($"/checkout/{order}");

        Assert.Contains("<p dir=\"auto\">Beans &amp; &lt;b&gt;Bread&lt;/b&gt;</p>", page.Body, StringComparison.Ordinal);
        Assert.Contains("border-top:6px solid #12abEF}", page.Body, StringComparison.Ordinal);
        Assert.NotEqual(plain.Headers["Content-Security-Policy"], page.Headers["Content-Security-Policy"]);
        var style = page.Body.Split("<style>")[1].Split("</style>")[0];
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style)));
        Assert.Contains($"style-src 'sha256-{hash}'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    private static Task<Reply> Seen(ApiServer server, string order) => server.Get($"/api/merchant/orders/{order}", server.Admin());
}
