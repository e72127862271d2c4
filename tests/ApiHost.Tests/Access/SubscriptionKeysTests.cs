using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenBitum.Tests.Access;

public sealed class SubscriptionKeysTests(SharedServer shared)
{
    private const string Path = "/api/merchant/keys";
    private const string Header = "Ocp-Apim-Subscription-Key";
    private const string Products = "/api/merchant/products";

    private readonly ApiServer server = shared.Server;
    private readonly string merchant = ApiServer.NewMerchant();

    [Fact]
    public async Task A_key_is_shown_once_and_listed_by_its_hint()
    {
        var made = await Make("reports", "orders:read", "shop:read", "orders:read");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(["id", "name", "scopes", "hint", "key", "createdAt"], made.Json.AsObject().Select(field => field.Key));
        Assert.StartsWith("key_", made.Text("id"), StringComparison.Ordinal);
        Assert.StartsWith("obk_", made.Text("key"), StringComparison.Ordinal);
        Assert.Equal("""["shop:read","orders:read"]""", made.Text("scopes"));
        Assert.Equal("no-store", made.Headers["Cache-Control"]);

        var listed = Assert.Single((await List()).AsArray())!;
        Assert.Equal(["id", "name", "scopes", "hint", "createdAt"], listed.AsObject().Select(field => field.Key));
        Assert.Equal($"obk_…{made.Text("key")[^4..]}", (string?)listed["hint"]);
        Assert.DoesNotContain(made.Text("key"), listed.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"scopes":["shop:read"]}""", "name required")]
    [InlineData("""{"name":"","scopes":["shop:read"]}""", "name required")]
    [InlineData("""{"name":"a\nb","scopes":["shop:read"]}""", "name bad_format")]
    [InlineData("""{"name":"a\u0000","scopes":["shop:read"]}""", "name bad_format")]
    [InlineData("""{"name":"\u202egpj.exe","scopes":["shop:read"]}""", "name bad_format")]
    [InlineData("""{"name":7,"scopes":["shop:read"]}""", "name wrong_type")]
    [InlineData("""{"name":"x"}""", "scopes required")]
    [InlineData("""{"name":"x","scopes":[]}""", "scopes required")]
    [InlineData("""{"name":"x","scopes":"shop:read"}""", "scopes wrong_type")]
    [InlineData("""{"name":"x","scopes":["shop:read","shop:write"]}""", "scopes[1] bad_format")]
    [InlineData("""{"name":"x","scopes":["shop:read"],"key":"obk_mine"}""", "key unknown_field")]
    public async Task What_no_key_can_have_is_refused(string body, string detail)
    {
        var refused = await server.Send(HttpMethod.Post, Path, ApiServer.Json(body), server.Admin(merchant));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal([detail], refused.Details);
        Assert.Empty((await List()).AsArray());
    }

    [Fact]
    public async Task A_key_reads_what_its_scopes_name_and_nothing_else()
    {
        var products = await Key("products:read");
        var orders = await Key("orders:read");

        Assert.Equal(HttpStatusCode.OK, (await Get(Products, products)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Get("/api/products", products)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Get("/portalpay/api/merchant/orders", orders)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Send(HttpMethod.Head, Products, null, null, (Header, products))).Status);
        await Refused(HttpStatusCode.Forbidden, "forbidden", Get("/api/merchant/orders", products));
        await Refused(HttpStatusCode.Forbidden, "forbidden", Get(Products, orders));
        await Refused(HttpStatusCode.Forbidden, "forbidden", Get("/api/products", orders));
        await Refused(HttpStatusCode.Forbidden, "forbidden", Get(Path, orders));
        await Refused(HttpStatusCode.Forbidden, "forbidden", Get("/api/merchant/webhooks", orders));
        await Refused(HttpStatusCode.Forbidden, "forbidden", Get("/api/customer/entitlements", orders));
    }

    [Fact]
    public async Task A_key_never_writes()
    {
        var key = await Key("products:read", "orders:read", "shop:read", "customers:read", "analytics:read");
        var body = new JsonObject { ["name"] = "x", ["price"] = new JsonObject { ["amount"] = "1", ["currency"] = "USD" } };

        await Refused(HttpStatusCode.Forbidden, "forbidden", server.Post(Products, body, null, (Header, key)));
        await Refused(HttpStatusCode.Forbidden, "forbidden", server.Post(Path, new JsonObject(), null, (Header, key)));
        await Refused(HttpStatusCode.Forbidden, "forbidden", server.Post("/api/checkout/initiate", body, null, (Header, key)));
        await Refused(HttpStatusCode.Forbidden, "forbidden", server.Post("/api/auth/session", new JsonObject(), null, (Header, key)));
        Assert.Empty((await server.Get(Products, server.Admin(merchant))).Json["data"]!.AsArray());
    }

    [Fact]
    public async Task A_key_shows_the_products_of_its_merchant_and_no_identity_header_changes_that()
    {
        var product = await server.NewProduct(merchant);
        var hidden = await server.NewProduct(merchant, new JsonObject { ["active"] = false });
        var other = ApiServer.NewMerchant();
        await server.NewProduct(other);
        var key = await Key("products:read");

        (string, string)[] claims =
        [
            (Header, key), ("x-wallet", other), ("X-Wallet-Address", other), ("x-merchant", other), ("x-user-id", other),
            ("x-organization-id", other), ("Cookie", "cb_auth_token=of-no-meaning-here"),
        ];
        var listed = await server.Get("/api/products", null, claims);

        Assert.Equal([product], listed.Json["data"]!.AsArray().Select(one => (string?)one!["id"]));
        Assert.Equal(HttpStatusCode.OK, (await server.Get($"/api/products/{product}", null, claims)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Get($"/api/products/{hidden}", null, claims)).Status);
    }

    [Fact]
    public async Task Wallet_headers_alone_are_nobody()
    {
        (string, string)[] claims = [("x-wallet", merchant), ("X-WALLET-ADDRESS", "0xabc"), ("x-wallet-signature", "0x00")];

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(Products, null, claims)).Status);

        // What anybody sees of the shared one changes at any time.
        await using var own = await ApiServer.Start();
        await own.NewProduct();
        await own.NewProduct(merchant);
        Assert.Equal(
            (await own.Get("/api/products")).Body,
            (await own.Get("/api/products", null, claims)).Body);
    }

    [Fact]
    public async Task A_key_that_is_wrong_is_refused_with_its_challenge()
    {
        var key = await Key("products:read");
        string[] wrong = ["", "x", key[..^1], key[..^1] + (key[^1] == '0' ? '1' : '0'), key.ToLowerInvariant(), $"obk_{new string('0', 66)}"];

        foreach (var one in wrong)
        {
            var refused = await Get(Products, one);
            Assert.Equal((HttpStatusCode.Unauthorized, "unauthorized"), (refused.Status, refused.Error));
            Assert.StartsWith("SubscriptionKey ", refused.Headers["WWW-Authenticate"], StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Unauthorized, (await Get("/api/products", one)).Status);
        }
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once()
    {
        var made = await Make("x", "products:read");
        var key = made.Text("key");
        Assert.Equal(HttpStatusCode.OK, (await Get(Products, key)).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await Delete(made.Text("id"), merchant)).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(Products, key)).Status);
        Assert.Empty((await List()).AsArray());
        Assert.Equal(HttpStatusCode.NoContent, (await Delete(made.Text("id"), merchant)).Status);
    }

    [Fact]
    public async Task Somebody_elses_key_is_not_found_byte_for_byte_as_one_that_never_was()
    {
        var made = await Make("x", "products:read");

        var foreign = await Delete(made.Text("id"), ApiServer.NewMerchant());
        var unknown = await Delete("key_01JD0000000000000000000000", merchant);
        var malformed = await Delete("key_x", merchant);

        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal("""{"error":"not_found"}""", foreign.Body);
        Assert.Equal((foreign.Status, foreign.Body), (unknown.Status, unknown.Body));
        Assert.Equal((foreign.Status, foreign.Body), (malformed.Status, malformed.Body));
        Assert.Equal(HttpStatusCode.OK, (await Get(Products, made.Text("key"))).Status);
    }

    [Fact]
    public async Task Two_credentials_are_never_a_union_of_rights()
    {
        var key = await Key("products:read");
        var opened = await server.Post("/api/auth/session", new JsonObject(), server.Admin(merchant));
        (string, string) cookie = ("Cookie", opened.Headers["Set-Cookie"].Split(';')[0]);

        await Refused(HttpStatusCode.BadRequest, "two_credentials", server.Get(Products, server.Admin(merchant), (Header, key)));
        await Refused(HttpStatusCode.BadRequest, "two_credentials", server.Get("/api/products", server.Admin(merchant), (Header, key)));
        await Refused(HttpStatusCode.BadRequest, "two_credentials", server.Get(Products, null, (Header, key), cookie));
        await Refused(HttpStatusCode.BadRequest, "two_credentials", server.Get(Products, null, (Header, key), (Header, key)));
        await Refused(HttpStatusCode.BadRequest, "two_credentials", server.Get(Products, null, (Header, $"{key}, {key}")));
        await Refused(HttpStatusCode.BadRequest, "two_credentials", server.Get(Products, "no token", (Header, "no key")));
        Assert.Equal(HttpStatusCode.OK, (await server.Get("/api/products", null, (Header, key), cookie)).Status);
    }

    [Theory]
    [InlineData("/api/products", "subscription-key")]
    [InlineData("/api/products", "Subscription-Key")]
    [InlineData("/api/products", "Ocp-Apim-Subscription-Key")]
    [InlineData("/api/merchant/products", "subscription-key")]
    [InlineData("/api/orders/ord_01JD0000000000000000000000", "subscription-key")]
    [InlineData("/healthz", "subscription-key")]
    [InlineData("/sign-in", "subscription-key")]
    [InlineData("/checkout/ord_01JD0000000000000000000000", "subscription-key")]
    public async Task A_key_in_the_query_is_refused_and_identifies_nobody(string path, string name)
    {
        var key = await Key("products:read");

        var refused = await server.Get($"{path}?{name}={key}");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal([$"{(name == "Subscription-Key" ? "subscription-key" : name)} unknown_field"], refused.Details);
        Assert.DoesNotContain(key, refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_creation_that_is_repeated_shows_the_same_key_and_a_restart_keeps_it()
    {
        await using var own = await ApiServer.Start();
        var body = new JsonObject { ["name"] = "x", ["scopes"] = new JsonArray("products:read") };
        var first = await own.Post(Path, body, own.Admin(), ("Idempotency-Key", "k"));
        await own.Restart();

        var again = await own.Post(Path, body, own.Admin(), ("Idempotency-Key", "k"));

        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
        Assert.Equal("true", again.Headers["Idempotent-Replayed"]);
        Assert.Equal(HttpStatusCode.OK, (await own.Get(Products, null, (Header, first.Text("key")))).Status);

        await own.Send(HttpMethod.Delete, $"{Path}/{first.Text("id")}", null, own.Admin());
        await own.Restart();
        Assert.Equal(HttpStatusCode.Unauthorized, (await own.Get(Products, null, (Header, first.Text("key")))).Status);
    }

    [Fact]
    public async Task The_store_holds_no_key_and_no_secret_that_was_answered()
    {
        await using var own = await ApiServer.Start();
        var key = await own.Post(
            Path, new JsonObject { ["name"] = "needle-name", ["scopes"] = new JsonArray("products:read") }, own.Admin("tenant"),
            ("Idempotency-Key", "1"));
        var webhook = await own.Post(
            "/api/merchant/webhooks", new JsonObject { ["url"] = "http://127.0.0.1:65000/hook", ["events"] = new JsonArray("*") },
            own.Admin("tenant"), ("Idempotency-Key", "1"));
        Assert.Equal(HttpStatusCode.Created, webhook.Status);
        Assert.Equal(HttpStatusCode.OK, (await own.Get(Products, null, (Header, key.Text("key")))).Status);

        Assert.True(await own.Grains.Holds("needle-name"));
        Assert.False(await own.Grains.Holds(key.Text("key")));
        Assert.False(await own.Grains.Holds(key.Text("key")[30..]));
        Assert.False(await own.Grains.Holds("whsec_"));
    }

    private static async Task Refused(HttpStatusCode status, string error, Task<Reply> call)
    {
        var reply = await call;
        Assert.Equal((status, error), (reply.Status, reply.Error));
    }

    private async Task<JsonNode> List() => (await server.Get(Path, server.Admin(merchant))).Json["data"]!;

    private Task<Reply> Get(string path, string key) => server.Get(path, null, (Header, key));

    private Task<Reply> Delete(string id, string of) => server.Send(HttpMethod.Delete, $"{Path}/{id}", null, server.Admin(of));

    private async Task<string> Key(params string[] scopes) => (await Make("x", scopes)).Text("key");

    private Task<Reply> Make(string name, params string[] scopes) =>
        server.Post(
            Path, new JsonObject { ["name"] = name, ["scopes"] = new JsonArray([.. scopes.Select(scope => (JsonNode)scope)]) },
            server.Admin(merchant));
}
