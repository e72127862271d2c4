using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenBitum.Tests.Http;

/// <summary>What every list of the API does alike.</summary>
public sealed class ListsTests(SharedServer shared)
{
    private readonly ApiServer server = shared.Server;

    public static TheoryData<string> Lists =>
    [
        "/api/products", "/api/merchant/products", "/api/merchant/orders", "/api/merchant/wallets", "/api/merchant/webhooks",
        "/api/merchant/webhooks/{webhook}/deliveries", "/api/customer/entitlements",
    ];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_list_takes_1_to_100_rows_and_only_cursors_that_it_gave(string list)
    {
        var token = server.Token(["admin"], ApiServer.NewMerchant(), email: "buyer@example.com");
        var path = await Path(list, token);

        foreach (var query in new[] { "", "?limit=1", "?limit=100" })
        {
            var page = await server.Get(path + query, token);
            Assert.Equal((query, HttpStatusCode.OK), (query, page.Status));
            Assert.Equal(["data", "nextCursor"], page.Json.AsObject().Select(field => field.Key));
        }

        foreach (var (query, problem) in new[]
        {
            ("limit=0", "limit out_of_range"), ("limit=101", "limit out_of_range"), ("limit=", "limit out_of_range"), ("limit=1.0", "limit out_of_range"),
            ("limit=-1", "limit out_of_range"), ("limit=%2B5", "limit out_of_range"), ("cursor=", "cursor bad_format"),
            ("cursor=not-one", "cursor bad_format"), ("cursor=AAAA", "cursor bad_format"), ("offset=1", "offset unknown_field"),
            ("limit=1&limit=1", "limit duplicate_key"),
        })
        {
            var refused = await server.Get($"{path}?{query}", token);
            Assert.Equal((query, HttpStatusCode.UnprocessableEntity), (query, refused.Status));
            Assert.Equal([problem], refused.Details);
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    [InlineData("/api/merchant/events")]
    [InlineData("/api/merchant/webhooks/{webhook}")]
    public async Task HEAD_answers_as_GET_does_without_the_body(string list)
    {
        // What a buyer owns is shown wherever they bought it, and others buy here meanwhile.
        var merchant = ApiServer.NewMerchant();
        var token = server.Token(["admin"], merchant, email: $"{merchant}@example.com");
        var path = await Path(list, token);

        var get = await server.Get(path, token);
        var head = await server.Send(HttpMethod.Head, path, null, token);

        Assert.Equal((HttpStatusCode.OK, ""), (head.Status, head.Body));
        Assert.Equal(Shown(get), Shown(head));

        static IEnumerable<string> Shown(Reply reply) => reply.Headers
            .Where(header => header.Key is not ("Date" or "X-Request-ID" or "Transfer-Encoding"))
            .Select(header => $"{header.Key}: {header.Value}").Order();
    }

    [Theory]
    [InlineData("DELETE", "/api/merchant/webhooks/", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/api/merchant/webhooks", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/api/merchant/webhooks/whk_1", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/api/merchant/webhooks/whk_1/", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/API/merchant/webhooks/whk_1", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/api/merchant/events/", HttpStatusCode.NotFound)]
    public async Task A_wrong_method_is_told_apart_from_a_path_that_does_not_exist(string method, string path, HttpStatusCode status)
    {
        var answer = await server.Send(new HttpMethod(method), path, null, server.Admin());

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task Webhooks_are_paged_newest_first_and_stay_so_while_some_are_added_and_deleted()
    {
        var token = server.Admin(ApiServer.NewMerchant());
        var made = new List<string>();
        for (var number = 0; number < 5; number++)
        {
            made.Add(await NewWebhook(token));
        }

        var seen = new List<string>();
        var cursor = "";
        while (true)
        {
            var page = await server.Get($"/api/merchant/webhooks?limit=2{cursor}", token);
            seen.AddRange(page.Json["data"]!.AsArray().Select(webhook => webhook!["id"]!.GetValue<string>()));
            if (page.Json["nextCursor"] is not { } next)
            {
                break;
            }

            cursor = $"&cursor={next}";
            await NewWebhook(token);
            if (seen.Count == 2)
            {
                // The row that the cursor names may go; the place stays.
                await server.Send(HttpMethod.Delete, $"/api/merchant/webhooks/{seen[^1]}", null, token);
            }
        }

        made.Reverse();
        Assert.Equal(made, seen);
    }

    [Fact]
    public async Task Events_are_pulled_oldest_first_and_the_cursor_is_always_given()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var empty = await server.Get("/api/merchant/events", token);
        Assert.Equal(("[]", "0"), (empty.Text("data"), empty.Text("nextCursor")));

        var product = await server.NewProduct(merchant);
        var orders = new List<string>();
        for (var number = 0; number < 3; number++)
        {
            orders.Add(await server.NewOrder(product));
        }

        var pulled = new List<JsonNode>();
        var after = empty.Text("nextCursor");
        while (true)
        {
            var page = await server.Get($"/api/merchant/events?after={after}&limit=1", token);
            if (page.Text("data") == "[]")
            {
                Assert.Equal(after, page.Text("nextCursor"));
                break;
            }

            pulled.Add(page.Json["data"]!.AsArray().Single()!);
            after = page.Text("nextCursor");
        }

        Assert.Equal(orders, pulled.Where(told => told["type"]!.GetValue<string>() == "order.created").Select(told => told["data"]!["orderId"]!.GetValue<string>()));
        Assert.All(pulled, told => Assert.Equal(["id", "type", "timestamp", "test", "data"], told.AsObject().Select(field => field.Key)));
        Assert.Equal("[]", (await server.Get($"/api/merchant/events?after={after}", server.Admin(ApiServer.NewMerchant()))).Text("data"));

        foreach (var (query, problem) in new[]
        {
            ("after=", "after bad_format"), ("after=-1", "after bad_format"), ("after=x", "after bad_format"), ("after=99999999999999999999", "after bad_format"),
            ("limit=0", "limit out_of_range"), ("limit=101", "limit out_of_range"), ("cursor=1", "cursor unknown_field"), ("after=1&after=1", "after duplicate_key"),
        })
        {
            Assert.Equal([problem], (await server.Get($"/api/merchant/events?{query}", token)).Details);
        }

        Assert.Equal("[]", (await server.Get("/api/merchant/events?after=9223372036854775807&limit=100", token)).Text("data"));
    }

    private async Task<string> Path(string list, string token) =>
        list.Contains("{webhook}", StringComparison.Ordinal)
            ? list.Replace("{webhook}", await NewWebhook(token), StringComparison.Ordinal)
            : list;

    private async Task<string> NewWebhook(string token) => (await server.Post(
        "/api/merchant/webhooks", JsonNode.Parse("""{"url":"https://example.com/","events":["*"]}""")!, token)).Text("id");
}
