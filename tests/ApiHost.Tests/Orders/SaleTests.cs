using System.Net;
using System.Text.Json.Nodes;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Orders;

public sealed class SaleTests(SharedServer shared)
{
    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task A_sale_goes_from_the_checkout_to_what_the_buyer_owns()
    {
        var merchant = ApiServer.NewMerchant();
        var product = await server.NewProduct(merchant, JsonNode.Parse("""{"entitlements":[{"handler":"record","key":"c-101"}]}""")!.AsObject());
        var email = $"{merchant}@example.com";

        var opened = await server.Post("/api/checkout/initiate", new JsonObject { ["productId"] = product, ["email"] = email });
        Assert.Equal(HttpStatusCode.Created, opened.Status);
        var order = opened.Text("orderId");
        Assert.Equal($"{server.Address}/checkout/{order}", opened.Text("checkoutUrl"));

        var pending = await server.Get($"/api/orders/{order}");
        Assert.Equal("pending", pending.Text("status"));
        Assert.DoesNotContain(email, pending.Body, StringComparison.Ordinal);
        Assert.Equal(["no-cache", "private"], pending.Headers["Cache-Control"].Split(", ").Order());
        Assert.NotNull(pending.Json["serverTime"]);

        var paid = await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order });
        Assert.Equal(HttpStatusCode.OK, paid.Status);
        Assert.Equal("SANDBOX", paid.Text("asset"));
        Assert.Equal($"{paid.Text("txId")}:0", paid.Text("paymentId"));

        var settled = await server.Get($"/api/orders/{order}");
        Assert.Equal("paid", settled.Text("status"));
        Assert.NotEqual(pending.Headers["ETag"], settled.Headers["ETag"]);

        var token = server.Admin(merchant);
        Assert.Equal(order, (await server.Get("/api/merchant/orders?status=paid", token)).Text("data.0.orderId"));
        Assert.Equal("[]", (await server.Get("/api/merchant/orders?status=pending", token)).Text("data"));
        Assert.Equal(email, (await server.Get($"/api/merchant/orders/{order}", token)).Text("email"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get("/api/customer/entitlements")).Status);
        var owned = await Eventually.Reads(
            () => server.Get("/api/customer/entitlements", server.Token(["customer"], email: email)), reply => reply.Body.Contains("active"));
        Assert.Equal("c-101", owned.Text("data.0.key"));
    }

    [Fact]
    public async Task A_version_that_the_buyer_has_is_not_sent_again()
    {
        var path = $"/api/orders/{await server.NewOrder(await server.NewProduct(ApiServer.NewMerchant()))}";
        var seen = await server.Get(path);

        Assert.Equal(HttpStatusCode.NotModified, (await server.Get(path, null, ("If-None-Match", seen.Headers["ETag"]))).Status);
    }

    [Fact]
    public async Task Another_merchants_order_looks_like_one_that_does_not_exist()
    {
        var order = await server.NewOrder(await server.NewProduct(ApiServer.NewMerchant()));

        var foreign = await server.Get($"/api/merchant/orders/{order}", server.Admin(ApiServer.NewMerchant()));

        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal("""{"error":"not_found"}""", foreign.Body);
    }

    [Fact]
    public async Task Orders_are_found_by_product_customer_and_time()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var (bought, other) = (await server.NewProduct(merchant), await server.NewProduct(merchant));
        var order = await server.NewOrder(bought);
        var view = await server.Get($"/api/merchant/orders/{order}", token);
        var created = DateTimeOffset.Parse(view.Text("createdAt"));

        Assert.Equal([order], await Found($"productId={bought}"));
        Assert.Empty(await Found($"productId={other}"));
        Assert.Equal([order], await Found($"customerId={view.Text("customerId")}"));
        Assert.Equal([order], await Found($"from={view.Text("createdAt")}"));
        Assert.Empty(await Found($"to={view.Text("createdAt")}"));
        Assert.Equal([order], await Found($"to={created.AddMilliseconds(1):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}"));

        async Task<string[]> Found(string filter)
        {
            var list = await server.Get($"/api/merchant/orders?{filter}", token);
            return [.. list.Json["data"]!.AsArray().Select(found => found!["orderId"]!.GetValue<string>())];
        }
    }

    [Theory]
    [InlineData("status=open", "status bad_format")]
    [InlineData("productId=x", "productId bad_format")]
    [InlineData("from=2026-01-01", "from bad_format")]
    [InlineData("from=2026-01-01T00:00:00", "from bad_format")]
    public async Task A_filter_that_means_nothing_is_refused(string filter, string problem)
    {
        var refused = await server.Get($"/api/merchant/orders?{filter}", server.Admin());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal([problem], refused.Details);
    }

    [Fact]
    public async Task A_method_is_picked_once_and_not_after_something_was_paid()
    {
        var order = await server.NewOrder(await server.NewProduct(ApiServer.NewMerchant()));
        var path = $"/api/orders/{order}/payment-method";

        var picked = await server.Post(path, new JsonObject { ["method"] = "SANDBOX" });
        Assert.Equal(HttpStatusCode.OK, picked.Status);
        var address = picked.Text("paymentMethods.0.address");
        Assert.Equal(address, (await server.Post(path, new JsonObject { ["method"] = "SANDBOX" })).Text("paymentMethods.0.address"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.Post(path, new JsonObject { ["method"] = "GOLD" })).Status);

        await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order });
        var closed = await server.Post(path, new JsonObject { ["method"] = "SANDBOX" });
        Assert.Equal("order_closed", closed.Error);
    }

    [Fact]
    public async Task What_cannot_be_bought_is_refused_by_its_own_name()
    {
        var last = await server.NewProduct(ApiServer.NewMerchant(), new JsonObject { ["stock"] = 1 });
        await server.NewOrder(last);

        Assert.Equal("out_of_stock", (await Buy(last)).Error);
        Assert.Equal("""{"error":"not_found"}""", (await Buy("prd_01ARZ3NDEKTSV4RRFFQ69G5FAV")).Body);
        Assert.Equal("""{"error":"not_found"}""", (await Buy("no id")).Body);
        Assert.Equal(["email bad_format"], (await Buy(last, new JsonObject { ["email"] = "nobody" })).Details);
        Assert.Equal(["quantity out_of_range"], (await Buy(last, new JsonObject { ["quantity"] = 0 })).Details);
    }

    [Fact]
    public async Task The_sandbox_mines_reorganises_replaces_and_drops()
    {
        // A chain of its own: whoever pays on the shared one mines the block that this waits for.
        await using var own = await ApiServer.Start();
        var order = await own.NewOrder(await own.NewProduct(ApiServer.NewMerchant()));
        var seen = await own.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order, ["confirmations"] = 0 });
        Assert.Equal("null", seen.Json["height"]?.ToJsonString() ?? "null");
        Assert.Equal("processing", (await own.Get($"/api/orders/{order}")).Text("status"));

        var replaced = await own.Post("/api/sandbox/replace", new JsonObject { ["txId"] = seen.Text("txId"), ["amount"] = "1" });
        Assert.Equal(HttpStatusCode.OK, replaced.Status);
        Assert.Equal("pending", (await own.Get($"/api/orders/{order}")).Text("status"));

        var dropped = await own.Post("/api/sandbox/drop", new JsonObject { ["txId"] = replaced.Text("txId") });
        Assert.Equal(HttpStatusCode.OK, dropped.Status);
        Assert.Equal("false", (await own.Get($"/api/orders/{order}")).Text("partiallyPaid"));

        var mined = await own.Post("/api/sandbox/mine", new JsonObject { ["blocks"] = 2 });
        var reorganised = await own.Post("/api/sandbox/reorg", new JsonObject { ["depth"] = 1 });
        Assert.True(long.Parse(reorganised.Text("height")) > long.Parse(mined.Text("height")));
        Assert.Equal(HttpStatusCode.NotFound, (await own.Post("/api/sandbox/drop", new JsonObject { ["txId"] = new string('0', 64) })).Status);
    }

    [Fact]
    public async Task An_address_of_the_sandbox_is_paid_what_remains_of_its_order()
    {
        var order = await server.NewOrder(await server.NewProduct(ApiServer.NewMerchant()));
        var method = (await server.Get($"/api/orders/{order}")).Json["paymentMethods"]![0]!;
        var body = new JsonObject { ["address"] = method["address"]!.GetValue<string>() };

        var paid = await server.Post("/api/sandbox/pay", body);

        Assert.Equal(method["remaining"]!.GetValue<string>(), paid.Text("amount"));
        Assert.Equal("paid", (await server.Get($"/api/orders/{order}")).Text("status"));
        Assert.Equal(["amount required"], (await server.Post("/api/sandbox/pay", body)).Details);
    }

    [Fact]
    public async Task The_services_clock_is_told_with_an_order_and_is_no_part_of_its_tag()
    {
        var merchant = ApiServer.NewMerchant();
        var path = $"/api/merchant/orders/{await server.NewOrder(await server.NewProduct(merchant))}";

        var first = await server.Get(path, server.Admin(merchant));
        var second = await server.Get(path, server.Admin(merchant));

        Assert.NotNull(first.Json["serverTime"]);
        Assert.Equal(first.Headers["ETag"], second.Headers["ETag"]);
        Assert.Equal(
            HttpStatusCode.NotModified,
            (await server.Get(path, server.Admin(merchant), ("If-None-Match", first.Headers["ETag"]))).Status);
        Assert.Null((await server.Get("/api/merchant/orders", server.Admin(merchant))).Json["data"]![0]!["serverTime"]);
    }

    private Task<Reply> Buy(string product, JsonObject? fields = null)
    {
        var body = new JsonObject { ["productId"] = product, ["email"] = "buyer@example.com" };
        foreach (var (name, value) in fields ?? [])
        {
            body[name] = value?.DeepClone();
        }

        return server.Post("/api/checkout/initiate", body);
    }
}
