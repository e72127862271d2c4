using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenBitum.Tests.Catalog;

public sealed class ProductsTests(SharedServer shared)
{
    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task A_product_is_made_read_listed_changed_and_deleted()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);

        var created = await server.Post("/api/merchant/products", JsonNode.Parse(
            """{"name":"Course","price":{"amount":"19.90","currency":"USD"},"stock":3,"metadata":{"sku":"c-1"}}""")!, token);
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var path = created.Headers["Location"];
        Assert.Equal($"/api/merchant/products/{created.Text("id")}", path);

        var read = await server.Get(path, token);
        Assert.Equal(created.Body, read.Body);
        Assert.Equal(created.Headers["ETag"], read.Headers["ETag"]);

        var changed = await server.Send(HttpMethod.Patch, path, ApiServer.Json("""{"name":"Better course"}"""), token, ("If-Match", read.Headers["ETag"]));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal("Better course", changed.Text("name"));
        Assert.Equal("19.90", changed.Text("price.amount"));
        Assert.Equal("c-1", changed.Text("metadata.sku"));

        var listed = await server.Get("/api/merchant/products", token);
        Assert.Equal("Better course", listed.Text("data.0.name"));

        Assert.Equal(HttpStatusCode.NoContent, (await server.Send(HttpMethod.Delete, path, null, token)).Status);
        Assert.Equal("[]", (await server.Get("/api/merchant/products", token)).Text("data"));
        Assert.Equal("Better course", (await server.Get("/api/merchant/products?deleted=true", token)).Text("data.0.name"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Get($"/api/products/{created.Text("id")}")).Status);
    }

    [Fact]
    public async Task A_change_of_what_the_caller_has_not_seen_is_refused()
    {
        var merchant = ApiServer.NewMerchant();
        var path = $"/api/merchant/products/{await server.NewProduct(merchant)}";

        foreach (var tag in new[] { "\"99\"", "W/\"1\"", "\"no version\"", "1" })
        {
            var refused = await server.Send(HttpMethod.Patch, path, ApiServer.Json("""{"name":"x"}"""), server.Admin(merchant), ("If-Match", tag));
            Assert.Equal(HttpStatusCode.PreconditionFailed, refused.Status);
            Assert.Equal("precondition_failed", refused.Error);
        }

        var any = await server.Send(HttpMethod.Patch, path, ApiServer.Json("""{"name":"x"}"""), server.Admin(merchant), ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.OK, any.Status);
    }

    [Fact]
    public async Task Of_a_list_of_versions_one_must_be_the_version_in_force_and_no_weak_tag_counts()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var path = $"/api/merchant/products/{await server.NewProduct(merchant)}";
        var tag = (await server.Get(path, token)).Headers["ETag"];

        foreach (var list in new[] { "\"98\", \"99\"", $"W/{tag}, \"99\"", $"{tag} \"99\"", "\"a,b\", \"c\"", "," })
        {
            var refused = await server.Send(HttpMethod.Patch, path, ApiServer.Json("""{"name":"x"}"""), token, ("If-Match", list));
            Assert.Equal((list, HttpStatusCode.PreconditionFailed), (list, refused.Status));
        }

        var changed = await server.Send(
            HttpMethod.Patch, path, ApiServer.Json("""{"name":"x"}"""), token, ("If-Match", $"\"98\", {tag} , W/\"97\""));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await server.Send(HttpMethod.Delete, path, null, token, ("If-Match", $"{tag}, \"98\""))).Status);
        var gone = await server.Send(HttpMethod.Delete, path, null, token, ("If-Match", $"{tag}, {changed.Headers["ETag"]}"));
        Assert.Equal(HttpStatusCode.NoContent, gone.Status);
        var stranger = server.Admin(ApiServer.NewMerchant());
        Assert.Equal(HttpStatusCode.NotFound, (await server.Send(HttpMethod.Delete, path, null, stranger, ("If-Match", "\"1\", \"2\""))).Status);
    }

    [Theory]
    [InlineData("\\u202Eetoh", HttpStatusCode.UnprocessableEntity)]
    [InlineData("a\\u2066b", HttpStatusCode.UnprocessableEntity)]
    [InlineData("two\\nlines", HttpStatusCode.UnprocessableEntity)]
    [InlineData("\\u200Fקורס\\u200F, ‘Kurs’ 漢字 🎁", HttpStatusCode.OK)]
    public async Task A_name_is_one_line_that_reads_the_way_it_is_written(string name, HttpStatusCode status)
    {
        var merchant = ApiServer.NewMerchant();
        var path = $"/api/merchant/products/{await server.NewProduct(merchant)}";

        var answer = await server.Send(HttpMethod.Patch, path, ApiServer.Json($$"""{"name":"{{name}}"}"""), server.Admin(merchant));

        Assert.Equal(status, answer.Status);
        Assert.True(status == HttpStatusCode.OK || answer.Details is ["name bad_format"]);
    }

    [Fact]
    public async Task A_merge_changes_what_it_names_and_nothing_else_and_repeated_it_says_the_same()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var path = $"/api/merchant/products/{await server.NewProduct(merchant, JsonNode.Parse(
            """{"description":"d","images":["https://a.example/1.png"],"stock":3,"ttlSeconds":60,"metadata":{"a":"1","b":"2"},"entitlements":[{"handler":"record","key":"k"}]}""")!.AsObject())}";
        var before = (await server.Get(path, token)).Json;

        var same = await server.Send(HttpMethod.Patch, path, ApiServer.Json("{}"), token);
        Assert.Equal(HttpStatusCode.OK, same.Status);
        AssertChanged(before, same.Json);

        const string change = """{"metadata":{"a":null,"c":"3"},"images":[],"ttlSeconds":null,"price":{"amount":"5","currency":"EUR"}}""";
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var merged = (await server.Send(HttpMethod.Patch, path, ApiServer.Json(change), token)).Json;
            AssertChanged(before, merged, "metadata", "images", "ttlSeconds", "price");
            Assert.Equal("""{"b":"2","c":"3"}""", merged["metadata"]!.ToJsonString());
            Assert.Equal("[]", merged["images"]!.ToJsonString());
            Assert.Null(merged["ttlSeconds"]);
            Assert.Equal("""{"amount":"5.00","currency":"EUR"}""", merged["price"]!.ToJsonString());
        }

        static void AssertChanged(JsonNode before, JsonNode after, params string[] fields)
        {
            foreach (var (name, value) in before.AsObject().Where(field => field.Key != "updatedAt" && !fields.Contains(field.Key)))
            {
                Assert.Equal(value?.ToJsonString(), after[name]?.ToJsonString());
            }
        }
    }

    [Fact]
    public async Task A_deletion_with_an_unknown_field_deletes_nothing()
    {
        var id = await server.NewProduct();
        var refused = await server.Send(
            HttpMethod.Delete, $"/api/merchant/products/{id}", ApiServer.Json("""{"dryRun":true}"""), server.Admin());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(["dryRun unknown_field"], refused.Details);
        Assert.Equal(HttpStatusCode.OK, (await server.Get($"/api/products/{id}")).Status);
    }

    [Fact]
    public async Task Null_clears_what_is_nullable_and_nothing_else()
    {
        var merchant = ApiServer.NewMerchant();
        var path = $"/api/merchant/products/{await server.NewProduct(merchant, new JsonObject { ["stock"] = 2, ["description"] = "long" })}";

        var cleared = await server.Send(HttpMethod.Patch, path, ApiServer.Json("""{"stock":null,"description":null}"""), server.Admin(merchant));
        Assert.Equal("null", cleared.Json["stock"]?.ToJsonString() ?? "null");
        Assert.Equal("", cleared.Text("description"));

        var refused = await server.Send(HttpMethod.Patch, path, ApiServer.Json("""{"name":null,"price":null,"active":null}"""), server.Admin(merchant));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
    }

    [Fact]
    public async Task The_public_view_says_nothing_of_metadata_and_entitlements()
    {
        var id = await server.NewProduct(ApiServer.NewMerchant(), JsonNode.Parse(
            """{"metadata":{"cost":"3"},"entitlements":[{"handler":"record","key":"secret-key"}]}""")!.AsObject());

        var seen = await server.Get($"/api/products/{id}");

        Assert.Equal(HttpStatusCode.OK, seen.Status);
        Assert.DoesNotContain("secret-key", seen.Body, StringComparison.Ordinal);
        Assert.Null(seen.Json["metadata"]);
        Assert.Null(seen.Json["entitlements"]);
    }

    [Fact]
    public async Task A_known_version_is_not_sent_again()
    {
        var path = $"/api/products/{await server.NewProduct(ApiServer.NewMerchant())}";
        var seen = await server.Get(path);

        var again = await server.Get(path, null, ("If-None-Match", $"\"other\", W/{seen.Headers["ETag"]}"));

        Assert.Equal(HttpStatusCode.NotModified, again.Status);
        Assert.Equal("", again.Body);
        Assert.Equal(seen.Headers["ETag"], again.Headers["ETag"]);
    }

    [Fact]
    public async Task Another_merchants_product_looks_like_one_that_does_not_exist()
    {
        var id = await server.NewProduct(ApiServer.NewMerchant());
        var stranger = server.Admin(ApiServer.NewMerchant());
        var unknown = "prd_01ARZ3NDEKTSV4RRFFQ69G5FAV";

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Patch, HttpMethod.Delete })
        {
            var foreign = await server.Send(method, $"/api/merchant/products/{id}", Body(method), stranger);
            var missing = await server.Send(method, $"/api/merchant/products/{unknown}", Body(method), stranger);
            Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
            Assert.Equal("""{"error":"not_found"}""", foreign.Body);
            Assert.Equal(missing.Body, foreign.Body);
        }

        static StringContent? Body(HttpMethod method) => method == HttpMethod.Patch ? ApiServer.Json("""{"name":"mine"}""") : null;
    }

    [Fact]
    public async Task A_list_stays_stable_while_rows_are_added()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var made = new List<string>();
        for (var number = 0; number < 7; number++)
        {
            made.Add(await server.NewProduct(merchant));
        }

        var seen = new List<string>();
        var cursor = "";
        while (true)
        {
            var page = await server.Get($"/api/merchant/products?limit=3{cursor}", token);
            seen.AddRange(page.Json["data"]!.AsArray().Select(product => product!["id"]!.GetValue<string>()));
            if (page.Json["nextCursor"] is not { } next)
            {
                break;
            }

            cursor = $"&cursor={next}";
            await server.NewProduct(merchant);
        }

        made.Reverse();
        Assert.Equal(made, seen);
    }

    [Theory]
    [InlineData("limit=0", "limit out_of_range")]
    [InlineData("limit=101", "limit out_of_range")]
    [InlineData("limit=x", "limit out_of_range")]
    [InlineData("cursor=%%%", "cursor bad_format")]
    [InlineData("cursor=AAAA", "cursor bad_format")]
    [InlineData("page=2", "page unknown_field")]
    [InlineData("limit=1&limit=2", "limit duplicate_key")]
    [InlineData("deleted=yes", "deleted wrong_type")]
    public async Task A_query_that_means_nothing_is_refused(string query, string problem)
    {
        var refused = await server.Get($"/api/merchant/products?{query}", server.Admin());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal([problem], refused.Details);
    }
}
