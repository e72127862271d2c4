using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Shop;

public sealed class ShopTests(SharedServer shared)
{
    private const string Path = "/api/shop/config";

    /// <summary>The bodies of the source document, as they stand there.</summary>
    private const string Written =
        """
        {
          "name": "My Coffee Shop",
          "description": "Neighborhood espresso bar",
          "bio": "Small batch roastery and café",
          "theme": {
            "primaryColor": "#2563eb",
            "secondaryColor": "#dc2626",
            "textColor": "#111827",
            "accentColor": "#10B981",
            "brandLogoUrl": "/cblogod.png",
            "coverPhotoUrl": "/hero.jpg",
            "fontFamily": "Inter, ui-sans-serif, system-ui",
            "logoShape": "square",
            "heroFontSize": "large"
          },
          "arrangement": "grid",
          "xpPerDollar": 1,
          "slug": "my-coffee-shop",
          "links": [
            { "label": "Instagram", "url": "https://instagram.com/mycoffeeshop" }
          ],
          "industryPack": "restaurant"
        }
        """;

    private const string Read =
        """
        {
          "config": {
            "name": "My Coffee Shop",
            "description": "Neighborhood espresso bar",
            "bio": "Small batch roastery and café",
            "theme": {
              "primaryColor": "#1f2937",
              "secondaryColor": "#F54029",
              "textColor": "#111827",
              "accentColor": "#10B981",
              "brandLogoUrl": "/cblogod.png",
              "coverPhotoUrl": "/hero.jpg",
              "fontFamily": "Inter, ui-sans-serif, system-ui",
              "logoShape": "square",
              "heroFontSize": "large"
            },
            "arrangement": "grid",
            "xpPerDollar": 1,
            "slug": "my-coffee-shop",
            "links": [
              { "label": "Instagram", "url": "https://instagram.com/mycoffeeshop" }
            ],
            "industryPack": "restaurant",
            "industryPackActivatedAt": 1698765400000,
            "setupComplete": true,
            "createdAt": 1698765300000,
            "updatedAt": 1698765400000
          }
        }
        """;

    private readonly ApiServer server = shared.Server;

    [Theory]
    [InlineData(Path)]
    [InlineData("/api/products")]
    public async Task A_cache_is_told_that_the_answer_depends_on_who_asks(string path)
    {
        // Others sell on the shared one, and what the shop has changes with it.
        await using var own = await ApiServer.Start();
        var anybody = await own.Get(path);
        var again = await own.Get(path, null, ("If-None-Match", anybody.Headers["ETag"]));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (anybody.Status, again.Status));
        Assert.All([anybody, again], answer => Assert.Equal("Authorization, Ocp-Apim-Subscription-Key", answer.Headers["Vary"]));
    }

    [Fact]
    public async Task The_source_documents_example_is_taken_and_read_back_letter_for_letter()
    {
        var clock = new ManualClock(DateTimeOffset.FromUnixTimeMilliseconds(1698765300000));
        await using var own = await ApiServer.Start(replace: services => services.AddSingleton<TimeProvider>(clock));
        var made = JsonNode.Parse(Written)!.AsObject();
        made.Remove("industryPack");
        Assert.Equal(HttpStatusCode.OK, (await own.Post(Path, made, own.Admin())).Status);
        clock.Advance(TimeSpan.FromSeconds(100));

        var changed = await own.Send(HttpMethod.Post, "/portalpay" + Path, ApiServer.Json(
            """{"theme":{"primaryColor":"#1f2937","secondaryColor":"#F54029"},"industryPack":"restaurant","setupComplete":true}"""), own.Admin());

        var expected = Compact(Read);
        Assert.Equal($$"""{"ok":true,{{expected[1..]}}""", changed.Body);
        foreach (var prefix in new[] { "", "/portalpay" })
        {
            Assert.Equal(expected, (await own.Get(prefix + Path)).Body);
            Assert.Equal(expected, (await own.Get(prefix + Path, own.Admin())).Body);
            Assert.Equal(expected, (await own.Get($"{prefix}{Path}?slug=my-coffee-shop")).Body);
        }
    }

    [Fact]
    public async Task The_source_documents_body_is_taken_whole()
    {
        var merchant = ApiServer.NewMerchant();
        var body = JsonNode.Parse(Written)!.AsObject();
        body["slug"] = SlugOf(merchant);

        var made = await server.Post(Path, body, server.Admin(merchant));

        Assert.Equal(HttpStatusCode.OK, made.Status);
        foreach (var (name, value) in body)
        {
            Assert.True(JsonNode.DeepEquals(value, made.Json["config"]![name]), name);
        }

        Assert.Equal(made.Text("config.createdAt"), made.Text("config.industryPackActivatedAt"));
        Assert.Equal("false", made.Text("config.setupComplete"));
    }

    [Fact]
    public async Task Nobody_sees_the_defaults_of_the_instance_until_the_default_merchant_has_a_shop()
    {
        await using var own = await ApiServer.Start();
        var defaults = await own.Get(Path);
        Assert.Equal(HttpStatusCode.OK, defaults.Status);
        Assert.Equal("My Shop", defaults.Text("config.name"));
        Assert.Equal("grid", defaults.Text("config.arrangement"));
        Assert.Null(defaults.Json["config"]!["slug"]);
        Assert.Equal(defaults.Text("config.createdAt"), defaults.Text("config.updatedAt"));

        await own.Restart();
        Assert.Equal(defaults.Body, (await own.Get(Path)).Body);
        Assert.Equal(HttpStatusCode.NotModified, (await own.Get(Path, null, ("If-None-Match", defaults.Headers["ETag"]))).Status);

        await own.Post(Path, new JsonObject { ["name"] = "Corner" }, own.Admin());
        Assert.Equal("Corner", (await own.Get(Path)).Text("config.name"));
    }

    [Fact]
    public async Task A_caller_without_a_shop_never_sees_the_defaults()
    {
        await using var own = await ApiServer.Start();
        foreach (var token in new[] { own.Admin(), own.Admin("other"), own.Token(["customer"]) })
        {
            var missing = await own.Get(Path, token);
            Assert.Equal(HttpStatusCode.NotFound, missing.Status);
            Assert.Equal("""{"error":"not_found"}""", missing.Body);
        }

        // What another merchant has is nobody else's either.
        await own.Post(Path, new JsonObject { ["name"] = "Corner" }, own.Admin());
        Assert.Equal(HttpStatusCode.NotFound, (await own.Get(Path, own.Admin("other"))).Status);
    }

    [Theory]
    [InlineData("nobodys-shop")]
    [InlineData("")]
    [InlineData("xy")]
    [InlineData("UPPER")]
    [InlineData("%00%00%00")]
    public async Task A_slug_that_is_nobodys_is_not_found(string slug)
    {
        foreach (var path in new[] { Path, "/api/products" })
        {
            foreach (var token in new[] { null, server.Admin(ApiServer.NewMerchant()) })
            {
                var missing = await server.Get($"{path}?slug={slug}", token);
                Assert.Equal(HttpStatusCode.NotFound, missing.Status);
                Assert.Equal("""{"error":"not_found"}""", missing.Body);
            }
        }
    }

    [Fact]
    public async Task A_slug_shows_its_merchants_shop_and_products_to_everybody()
    {
        var merchant = ApiServer.NewMerchant();
        var slug = SlugOf(merchant);
        await Change(merchant, $$"""{"name":"Mine","slug":"{{slug}}"}""");
        var product = await server.NewProduct(merchant, new JsonObject { ["metadata"] = new JsonObject { ["cost"] = "3" } });
        var other = ApiServer.NewMerchant();
        await Change(other, """{"name":"Other"}""");

        foreach (var token in new[] { null, server.Admin(other), server.Admin(merchant) })
        {
            Assert.Equal("Mine", (await server.Get($"{Path}?slug={slug}", token)).Text("config.name"));
            var products = await server.Get($"/api/products?slug={slug}", token);
            Assert.Equal(product, products.Text("data.0.id"));
            Assert.Null(products.Json["data"]![0]!["metadata"]);
        }

        Assert.Equal("Other", (await server.Get(Path, server.Admin(other))).Text("config.name"));
        Assert.Equal("[]", (await server.Get("/api/products", server.Admin(other))).Text("data"));
    }

    [Fact]
    public async Task Changes_of_different_fields_at_the_same_moment_all_survive()
    {
        var merchant = ApiServer.NewMerchant();
        var bodies = new[]
        {
            """{"name":"Mine"}""", """{"description":"What"}""", """{"bio":"Who"}""", """{"theme":{"primaryColor":"#000001"}}""",
            """{"theme":{"secondaryColor":"#000002"}}""", """{"theme":{"heroFontSize":"xlarge"}}""", """{"arrangement":"carousel"}""",
            """{"xpPerDollar":2.5}""", $$"""{"slug":"{{SlugOf(merchant)}}"}""", """{"links":[{"label":"Mail","url":"mailto:a@b.example"}]}""",
            """{"industryPack":"hotel"}""", """{"setupComplete":true}""",
        };

        foreach (var reply in await Task.WhenAll(bodies.Select(body => Change(merchant, body))))
        {
            Assert.Equal(HttpStatusCode.OK, reply.Status);
        }

        var shop = (await server.Get(Path, server.Admin(merchant))).Json["config"]!;
        foreach (var body in bodies)
        {
            Assert.True(Holds(shop, JsonNode.Parse(body)!), $"{body} was lost: {shop.ToJsonString()}");
        }
    }

    [Fact]
    public async Task Objects_merge_arrays_are_replaced_and_null_clears_what_is_nullable()
    {
        var merchant = ApiServer.NewMerchant();
        var body = JsonNode.Parse(Written)!.AsObject();
        body["slug"] = SlugOf(merchant);
        await server.Post(Path, body, server.Admin(merchant));

        var changed = await Change(merchant,
            """{"theme":{"logoShape":"circle"},"links":[],"slug":null,"industryPack":null,"description":"","theme2":null}""");
        Assert.Equal(["theme2 unknown_field"], changed.Details);

        changed = await Change(merchant, """{"theme":{"logoShape":"circle"},"links":[],"slug":null,"industryPack":null,"description":""}""");
        Assert.Equal("circle", changed.Text("config.theme.logoShape"));
        Assert.Equal("#2563eb", changed.Text("config.theme.primaryColor"));
        Assert.Equal("[]", changed.Text("config.links"));
        Assert.Equal("", changed.Text("config.description"));
        foreach (var name in new[] { "slug", "industryPack", "industryPackActivatedAt" })
        {
            Assert.True(changed.Json["config"]!.AsObject().TryGetPropertyValue(name, out var value) && value is null, name);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await server.Get($"{Path}?slug={SlugOf(merchant)}")).Status);
    }

    [Fact]
    public async Task What_is_not_nullable_takes_no_null()
    {
        var refused = await Change(ApiServer.NewMerchant(),
            """
            {"name":null,"description":null,"bio":null,"theme":{"primaryColor":null,"brandLogoUrl":null,"fontFamily":null,"logoShape":null},
            "arrangement":null}
            """);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(
            ["arrangement", "bio", "description", "name", "theme.brandLogoUrl", "theme.fontFamily", "theme.logoShape", "theme.primaryColor"],
            refused.Details.Select(detail => detail.Split(' ')[0]).Order(StringComparer.Ordinal));

        refused = await Change(ApiServer.NewMerchant(), """{"theme":null,"xpPerDollar":null,"links":null,"setupComplete":null}""");
        Assert.Equal(
            ["links wrong_type", "setupComplete wrong_type", "theme wrong_type", "xpPerDollar wrong_type"],
            refused.Details.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_document_may_be_sent_back_as_it_was_read()
    {
        var merchant = ApiServer.NewMerchant();
        await Change(merchant, """{"industryPack":"retail","xpPerDollar":1.50}""");
        var read = await server.Get(Path, server.Admin(merchant));
        var body = read.Json["config"]!.AsObject().DeepClone().AsObject();
        body["createdAt"] = "long ago";
        body["updatedAt"] = null;
        body["industryPackActivatedAt"] = 1;

        var changed = await server.Post(Path, body, server.Admin(merchant));

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal(read.Text("config.createdAt"), changed.Text("config.createdAt"));
        Assert.Equal(read.Text("config.industryPackActivatedAt"), changed.Text("config.industryPackActivatedAt"));
        Assert.Equal("1.50", changed.Text("config.xpPerDollar"));
    }

    [Fact]
    public async Task A_change_of_what_the_caller_has_not_seen_is_refused()
    {
        var merchant = ApiServer.NewMerchant();
        Assert.Equal("precondition_failed", (await Change(merchant, "{}", ("If-Match", "\"0\""))).Error);
        var made = await Change(merchant, """{"name":"First"}""");
        var read = await server.Get(Path, server.Admin(merchant));
        Assert.Equal(made.Headers["ETag"], read.Headers["ETag"]);

        var second = await Change(merchant, """{"name":"Second"}""", ("If-Match", made.Headers["ETag"]));
        Assert.Equal(HttpStatusCode.OK, second.Status);
        foreach (var tag in new[] { made.Headers["ETag"], $"W/{second.Headers["ETag"]}", "\"1\"", "x" })
        {
            var late = await Change(merchant, """{"name":"Late"}""", ("If-Match", tag));
            Assert.Equal(HttpStatusCode.PreconditionFailed, late.Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await Change(merchant, """{"bio":"any"}""", ("If-Match", "*"))).Status);
        var shown = await server.Get(Path, server.Admin(merchant));
        Assert.Equal("Second", shown.Text("config.name"));
        var token = server.Admin(merchant);
        Assert.Equal(HttpStatusCode.NotModified, (await server.Get(Path, token, ("If-None-Match", shown.Headers["ETag"]))).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Path, token, ("If-None-Match", read.Headers["ETag"]))).Status);

        // One URL, many shops: another's tag is never taken for one's own.
        var other = ApiServer.NewMerchant();
        await Change(other, """{"name":"Second"}""");
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Path, server.Admin(other), ("If-None-Match", shown.Headers["ETag"]))).Status);
    }

    [Fact]
    public async Task Only_an_admin_writes_and_only_the_own_shop()
    {
        var merchant = ApiServer.NewMerchant();
        var body = new JsonObject { ["name"] = "Mine" };
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Post(Path, body)).Status);
        foreach (var role in new[] { "customer", "operator" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await server.Post(Path, body, server.Token([role], merchant))).Status);
        }

        var refused = await server.Post($"{Path}?merchant=default", body, server.Admin(merchant));
        Assert.Equal(["merchant unknown_field"], refused.Details);
        refused = await server.Post(Path, new JsonObject { ["merchant"] = "default" }, server.Admin(merchant));
        Assert.Equal(["merchant unknown_field"], refused.Details);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Get(Path, server.Admin(merchant))).Status);
    }

    [Fact]
    public async Task A_cookie_writes_with_what_proves_that_it_was_meant()
    {
        var merchant = ApiServer.NewMerchant();
        var opened = await server.Send(HttpMethod.Post, "/api/auth/session", ApiServer.Json("{}"), server.Admin(merchant), ("Origin", server.Address));
        var cookie = opened.Headers["Set-Cookie"].Split(';')[0];
        var csrf = opened.Text("csrfToken");

        var refused = await server.Send(HttpMethod.Post, Path, ApiServer.Json("""{"name":"Forged"}"""), null, ("Cookie", cookie), ("Origin", server.Address));
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        var made = await server.Send(
            HttpMethod.Post, Path, ApiServer.Json("""{"name":"Meant"}"""), null,
            ("Cookie", cookie), ("Origin", server.Address), ("X-CSRF-Token", csrf));

        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Equal("Meant", (await server.Get(Path, server.Admin(merchant))).Text("config.name"));
    }

    [Fact]
    public async Task A_write_may_be_retried()
    {
        var merchant = ApiServer.NewMerchant();
        var first = await Change(merchant, """{"name":"Once"}""", ("Idempotency-Key", "shop-1"));
        await Change(merchant, """{"name":"Twice"}""");

        var again = await Change(merchant, """{"name":"Once"}""", ("Idempotency-Key", "shop-1"));

        Assert.Equal(first.Body, again.Body);
        Assert.Equal("true", again.Headers["Idempotent-Replayed"]);
        Assert.Equal("Twice", (await server.Get(Path, server.Admin(merchant))).Text("config.name"));
    }

    private Task<Reply> Change(string merchant, string body, params (string Name, string Value)[] headers) =>
        server.Send(HttpMethod.Post, Path, ApiServer.Json(body), server.Admin(merchant), headers);

    private static string SlugOf(string merchant) => $"s-{merchant.ToLowerInvariant()}";

    private static string Compact(string json) => JsonNode.Parse(json)!.ToJsonString(
        new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static bool Holds(JsonNode whole, JsonNode part) => part is JsonObject fields
        ? fields.All(field => Holds(whole[field.Key]!, field.Value!))
        : JsonNode.DeepEquals(whole, part);
}
