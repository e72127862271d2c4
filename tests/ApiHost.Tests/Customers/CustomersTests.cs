using System.Net;
using System.Text.Json.Nodes;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Customers;

public sealed class CustomersTests(SharedServer shared)
{
    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task A_customer_shows_what_their_orders_add_up_to()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var product = await server.NewProduct(merchant, JsonNode.Parse("""{"entitlements":[{"handler":"record","key":"c-101"}]}""")!.AsObject());
        var email = $"{merchant}@example.com";
        await Pay(await server.NewOrder(product, email));
        await Pay(await server.NewOrder(product, email.ToUpperInvariant()));
        await server.NewOrder(product, email);

        var listed = await Eventually.Reads(() => server.Get("/api/merchant/customers", token), reply => reply.Text("data.0.entitlementCount") == "2");
        Assert.Single(listed.Json["data"]!.AsArray());
        Assert.Equal(email, listed.Text("data.0.email"));
        Assert.Equal("3", listed.Text("data.0.orders"));
        Assert.Equal("""[{"amount":"39.80","currency":"USD"}]""", listed.Text("data.0.spent"));
        Assert.Equal("0", listed.Text("data.0.xp"));

        var detail = await server.Get($"/api/merchant/customers/{listed.Text("data.0.id")}", token);
        Assert.Equal(2, detail.Json["entitlements"]!.AsArray().Count);
        Assert.Equal("c-101", detail.Text("entitlements.0.key"));
        Assert.Equal("39.80", detail.Text("spent.0.amount"));
        var head = await server.Send(HttpMethod.Head, $"/api/merchant/customers/{listed.Text("data.0.id")}", null, token);
        Assert.Equal((HttpStatusCode.OK, ""), (head.Status, head.Body));
    }

    [Fact]
    public async Task A_mailbox_with_a_Kelvin_sign_is_not_the_one_with_a_k()
    {
        // Small, the sign is an ASCII k: whoever had that mailbox verified would be shown what somebody else has bought.
        var merchant = ApiServer.NewMerchant();
        var product = await server.NewProduct(merchant, JsonNode.Parse("""{"entitlements":[{"handler":"record","key":"c-101"}]}""")!.AsObject());
        await Pay(await server.NewOrder(product, $"kate-{merchant}@example.com"));
        await server.NewOrder(product, $"\u212Aate-{merchant}@example.com");

        await Eventually.Reads(() => Entitlements($"KATE-{merchant}@EXAMPLE.COM"), reply => reply.Json["data"]!.AsArray().Count == 1);
        Assert.Equal("[]", (await Entitlements($"\u212Aate-{merchant}@example.com")).Json["data"]!.ToJsonString());
        var customers = await server.Get("/api/merchant/customers", server.Admin(merchant));
        Assert.Equal(2, customers.Json["data"]!.AsArray().Count);

        Task<Reply> Entitlements(string email) => server.Get("/api/customer/entitlements", server.Token(["customer"], email: email));
    }

    [Fact]
    public async Task A_customer_has_the_points_of_what_is_paid_and_of_nothing_else()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        Assert.Equal(HttpStatusCode.OK, (await server.Post("/api/shop/config", new JsonObject { ["xpPerDollar"] = 2 }, token)).Status);
        var product = await server.NewProduct(merchant);
        await Pay(await server.NewOrder(product));
        await server.NewOrder(product);

        Assert.Equal("39", (await server.Get("/api/merchant/customers", token)).Text("data.0.xp"));
    }

    [Fact]
    public async Task Customers_come_newest_first_page_by_page()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var product = await server.NewProduct(merchant);
        foreach (var name in new[] { "ada", "bob", "cy" })
        {
            await server.NewOrder(product, $"{name}@example.com");
        }

        var first = await server.Get("/api/merchant/customers?limit=2", token);
        Assert.Equal(["cy@example.com", "bob@example.com"], Emails(first));
        var second = await server.Get($"/api/merchant/customers?limit=2&cursor={first.Text("nextCursor")}", token);
        Assert.Equal(["ada@example.com"], Emails(second));
        Assert.Null(second.Json["nextCursor"]);
        Assert.Equal(["limit out_of_range"], (await server.Get("/api/merchant/customers?limit=0", token)).Details);
    }

    [Fact]
    public async Task One_buyer_of_two_merchants_is_two_customers_and_neither_sees_the_other()
    {
        var (one, other) = (ApiServer.NewMerchant(), ApiServer.NewMerchant());
        await server.NewOrder(await server.NewProduct(one), "shared@example.com");
        var order = await server.NewOrder(await server.NewProduct(other), "shared@example.com");
        var ours = await OnlyCustomer(one);
        var theirs = await OnlyCustomer(other);
        Assert.NotEqual(ours, theirs);

        var token = server.Admin(one);
        foreach (var id in new[] { theirs, "cus_01ARZ3NDEKTSV4RRFFQ69G5FAV", "nobody" })
        {
            Assert.Equal("""{"error":"not_found"}""", (await server.Get($"/api/merchant/customers/{id}", token)).Body);
            var erased = await server.Send(HttpMethod.Delete, $"/api/merchant/customers/{id}", null, token);
            Assert.Equal((HttpStatusCode.NotFound, """{"error":"not_found"}"""), (erased.Status, erased.Body));
        }

        Assert.Equal(HttpStatusCode.NoContent, (await server.Send(HttpMethod.Delete, $"/api/merchant/customers/{ours}", null, token)).Status);
        Assert.Equal("shared@example.com", (await server.Get($"/api/merchant/orders/{order}", server.Admin(other))).Text("email"));
    }

    [Fact]
    public async Task An_erased_customer_stays_with_a_hash_for_an_e_mail()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var product = await server.NewProduct(merchant, JsonNode.Parse("""{"entitlements":[{"handler":"record","key":"c-101"}]}""")!.AsObject());
        var email = $"{merchant}@example.com";
        var order = await server.NewOrder(product, email);
        await Pay(order);
        var customer = await OnlyCustomer(merchant);
        var path = $"/api/merchant/customers/{customer}";
        await Eventually.Reads(() => server.Get(path, token), reply => reply.Text("entitlementCount") == "1");

        Assert.Equal(HttpStatusCode.NoContent, (await server.Send(HttpMethod.Delete, path, null, token)).Status);
        var erased = await server.Get(path, token);
        Assert.Matches("^[0-9a-f]{64}$", erased.Text("email"));
        Assert.NotNull(erased.Json["erasedAt"]);
        Assert.Equal("c-101", erased.Text("entitlements.0.key"));
        Assert.Equal("active", erased.Text("entitlements.0.status"));
        Assert.Equal(erased.Text("email"), (await server.Get($"/api/merchant/orders/{order}", token)).Text("email"));
        Assert.Equal(erased.Text("email"), (await server.Get($"/api/merchant/orders?customerId={customer}", token)).Text("data.0.email"));
        Assert.Equal("[]", (await server.Get("/api/customer/entitlements", server.Token(["customer"], email: email))).Text("data"));

        Assert.Equal(HttpStatusCode.NoContent, (await server.Send(HttpMethod.Delete, path, null, token)).Status);
        Assert.Equal(erased.Body, (await server.Get(path, token)).Body);
        foreach (var list in new[] { "customers", "orders" })
        {
            Assert.DoesNotContain(email, (await server.Get($"/api/merchant/{list}", token)).Body, StringComparison.OrdinalIgnoreCase);
        }

        await server.NewOrder(product, email);
        var customers = await server.Get("/api/merchant/customers", token);
        Assert.Equal([email, erased.Text("email")], Emails(customers));
        Assert.Equal("1", customers.Text("data.0.orders"));
    }

    [Fact]
    public async Task The_event_of_a_new_customer_shows_them_with_nothing_yet()
    {
        var merchant = ApiServer.NewMerchant();
        await server.NewOrder(await server.NewProduct(merchant), "new@example.com");

        var told = (await server.Get("/api/merchant/events", server.Admin(merchant))).Json["data"]!.AsArray()
            .Single(one => one!["type"]!.GetValue<string>() == "customer.created")!["data"]!;

        Assert.Equal(
            ["id", "email", "orders", "spent", "xp", "entitlementCount", "createdAt"], told["customer"]!.AsObject().Select(field => field.Key));
        Assert.Equal("new@example.com", told["customer"]!["email"]!.GetValue<string>());
        Assert.Equal("[]", told["customer"]!["spent"]!.ToJsonString());
        Assert.Equal(told["customerId"]!.GetValue<string>(), told["customer"]!["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("customers:read", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("analytics:read", HttpStatusCode.Forbidden, HttpStatusCode.OK)]
    public async Task A_key_reads_customers_or_analytics_by_its_scope_and_erases_nobody(
        string scope, HttpStatusCode customers, HttpStatusCode analytics)
    {
        var merchant = ApiServer.NewMerchant();
        await server.NewOrder(await server.NewProduct(merchant));
        var made = await server.Post(
            "/api/merchant/keys", new JsonObject { ["name"] = "reports", ["scopes"] = new JsonArray(scope) }, server.Admin(merchant));
        var key = ("Ocp-Apim-Subscription-Key", made.Text("key"));
        var path = $"/api/merchant/customers/{await OnlyCustomer(merchant)}";

        Assert.Equal(customers, (await server.Get("/api/merchant/customers", null, key)).Status);
        Assert.Equal(customers, (await server.Get(path, null, key)).Status);
        Assert.Equal(analytics, (await server.Get("/api/merchant/analytics", null, key)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Send(HttpMethod.Delete, path, null, null, key)).Status);
    }

    private async Task Pay(string order) =>
        Assert.Equal(HttpStatusCode.OK, (await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order })).Status);

    private async Task<string> OnlyCustomer(string merchant)
    {
        var listed = await server.Get("/api/merchant/customers", server.Admin(merchant));
        return listed.Json["data"]!.AsArray().Single()!["id"]!.GetValue<string>();
    }

    private static string[] Emails(Reply reply) => [.. reply.Json["data"]!.AsArray().Select(customer => customer!["email"]!.GetValue<string>())];
}
