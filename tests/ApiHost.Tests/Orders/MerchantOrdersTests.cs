using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Access;
using OpenBitum.Orders;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Orders;

public sealed class MerchantOrdersTests(SharedServer shared)
{
    private const string Orders = "/api/merchant/orders";

    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task Two_merchants_side_by_side_never_see_each_other()
    {
        var (mine, theirs) = (ApiServer.NewMerchant(), ApiServer.NewMerchant());
        var (my, their) = (await Stored(mine, 45), await Stored(theirs, 45));
        var token = server.Admin(mine);
        var searched = their[7];

        Assert.Equal(my.Select(order => order.OrderId.Value).Reverse(), await All(token, "limit=10"));
        Assert.Empty(await All(token, $"q={searched.OrderId}"));
        Assert.Empty(await All(token, $"q={searched.CustomerId}"));
        Assert.Empty(await All(token, $"q={searched.Payments[0].TransactionId}"));
        Assert.Empty(await All(token, $"customerId={searched.CustomerId}"));
        Assert.Equal(4, (await All(token, $"q={searched.Email}")).Length);
        var file = await server.Get(Orders, token, ("Accept", "text/csv"));
        Assert.Equal(1 + my.Count, file.Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain(their, order => file.Body.Contains(order.OrderId.Value, StringComparison.Ordinal));

        var foreign = await server.NewOrder(await server.NewProduct(theirs));
        Assert.Equal("""{"error":"not_found"}""", (await server.Get($"{Orders}/{foreign}", token)).Body);
        var address = (await server.Get($"/api/orders/{foreign}")).Text("paymentMethods.0.address");
        Assert.Empty(await All(token, $"q={address}"));
        Assert.Equal([foreign], await All(server.Admin(theirs), $"q={address}"));

        var cursor = (await server.Get($"{Orders}?limit=10", server.Admin(theirs))).Text("nextCursor");
        var used = await server.Get($"{Orders}?limit=10&cursor={cursor}", token);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, used.Status);
        Assert.Equal(["cursor bad_format"], used.Details);
    }

    [Fact]
    public async Task Each_sort_goes_its_way_and_every_filter_goes_with_it()
    {
        var merchant = ApiServer.NewMerchant();
        var orders = await Stored(merchant, 40);
        var token = server.Admin(merchant);

        Assert.Equal(Names(orders), await All(token, "sort=createdAt&limit=7"));
        Assert.Equal(Names(orders).Reverse(), await All(token, "sort=-createdAt&limit=7"));
        var paid = orders.Where(order => order.PaidAt is not null).OrderByDescending(order => order.PaidAt).ToList();
        Assert.Equal(Names(paid), await All(token, "sort=-paidAt&limit=7"));

        var from = orders[10].CreatedAt;
        var some = paid.Where(order => order.CreatedAt >= from && order.Email == orders[15].Email);
        Assert.Equal(
            Names(some),
            await All(token, $"sort=-paidAt&limit=1&status=paid&productId={StoredOrders.Product}&from={from:yyyy-MM-dd'T'HH:mm:ss'Z'}&q={orders[15].Email.ToUpperInvariant()}"));
    }

    [Fact]
    public async Task From_counts_and_to_does_not()
    {
        var merchant = ApiServer.NewMerchant();
        var order = (await Stored(merchant, 1))[0];
        var token = server.Admin(merchant);

        Assert.Single(await All(token, $"from={Time(order.CreatedAt)}"));
        Assert.Empty(await All(token, $"from={Time(order.CreatedAt.AddMilliseconds(1))}"));
        Assert.Empty(await All(token, $"to={Time(order.CreatedAt)}"));
        Assert.Single(await All(token, $"to={Time(order.CreatedAt.AddMilliseconds(1))}"));
        Assert.Empty(await All(token, $"from={Time(order.CreatedAt)}&to={Time(order.CreatedAt)}"));
    }

    [Theory]
    [InlineData("sort=paidAt", "sort bad_format")]
    [InlineData("sort=", "sort bad_format")]
    [InlineData("q=", "q bad_format")]
    [InlineData("q=a%00b", "q bad_format")]
    [InlineData("cursor=AAAA", "cursor bad_format")]
    [InlineData("page=2", "page unknown_field")]
    public async Task A_list_that_means_nothing_is_refused(string query, string problem)
    {
        var refused = await server.Get($"{Orders}?{query}", server.Admin(ApiServer.NewMerchant()));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal([problem], refused.Details);
    }

    [Fact]
    public async Task A_search_may_have_300_characters_and_no_more()
    {
        var token = server.Admin(ApiServer.NewMerchant());

        Assert.Equal(HttpStatusCode.OK, (await server.Get($"{Orders}?q={new string('x', 300)}", token)).Status);
        Assert.Equal(["q too_long"], (await server.Get($"{Orders}?q={new string('x', 301)}", token)).Details);
    }

    [Fact]
    public async Task A_cursor_belongs_to_its_sort_and_filter()
    {
        var merchant = ApiServer.NewMerchant();
        await Stored(merchant, 12);
        var token = server.Admin(merchant);
        var cursor = (await server.Get($"{Orders}?limit=5&status=paid", token)).Text("nextCursor");

        Assert.Equal(HttpStatusCode.OK, (await server.Get($"{Orders}?limit=3&status=paid&cursor={cursor}", token)).Status);
        foreach (var other in new[] { "", "&status=pending", "&status=paid&sort=createdAt", "&status=paid&sort=-paidAt", "&status=paid&q=a@b.example" })
        {
            var refused = await server.Get($"{Orders}?limit=5{other}&cursor={cursor}", token);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "cursor bad_format"), (refused.Status, Assert.Single(refused.Details)));
        }
    }

    [Fact]
    public async Task An_order_shows_all_that_became_of_it_and_its_tag_follows_the_deliveries()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(200));
        var made = await server.Post(
            "/api/merchant/webhooks", new JsonObject { ["url"] = new Uri(sink.Url, "/hooks").ToString(), ["events"] = new JsonArray("*") }, token);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var product = await server.NewProduct(merchant, JsonNode.Parse("""{"entitlements":[{"handler":"record","key":"c-101"}]}""")!.AsObject());
        var order = await server.NewOrder(product);
        await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order });
        var path = $"{Orders}/{order}";

        var settled = await Eventually.Reads(
            () => server.Get(path, token),
            reply => reply.Json["deliveries"]!.AsArray() is { Count: 4 } all && all.All(one => one!["status"]!.GetValue<string>() == "succeeded"));

        Assert.Equal(
            ["order.created 1", "payment.received 2", "order.paid 3", "entitlement.applied 4"],
            settled.Json["events"]!.AsArray().Select(told => $"{told!["type"]} {told["sequence"]}"));
        Assert.All(settled.Json["events"]!.AsArray(), told => Assert.StartsWith("evt_", told!["id"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.Equal("1", settled.Text("payments.0.confirmations"));
        Assert.NotNull(settled.Json["paymentMethods"]![0]!["rate"]);
        Assert.Equal("active", settled.Text("entitlements.0.status"));
        var delivery = settled.Json["deliveries"]![0]!.AsObject();
        Assert.Equal(["id", "eventId", "type", "status", "attempts"], delivery.Select(field => field.Key));
        Assert.Equal(settled.Text("events.3.id"), delivery["eventId"]!.GetValue<string>());
        // The last: on a busy machine an attempt before it may have been given up.
        Assert.Equal(200, delivery["attempts"]!.AsArray()[^1]!["status"]!.GetValue<int>());

        var tag = settled.Headers["ETag"];
        Assert.Equal(HttpStatusCode.NotModified, (await server.Get(path, token, ("If-None-Match", tag))).Status);
        var again = await server.Send(HttpMethod.Post, $"/api/merchant/deliveries/{delivery["id"]}/redeliver", null, token);
        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        var changed = await server.Get(path, token, ("If-None-Match", tag));
        Assert.Equal((HttpStatusCode.OK, 5), (changed.Status, changed.Json["deliveries"]!.AsArray().Count));
        Assert.NotEqual(tag, changed.Headers["ETag"]);

        var listed = await server.Get($"{Orders}?q={order}", token);
        Assert.Null(listed.Json["data"]![0]!["events"]);
        Assert.Null(listed.Json["data"]![0]!["deliveries"]);
    }

    [Fact]
    public async Task Every_read_answers_HEAD_with_the_headers_alone()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var order = await server.NewOrder(await server.NewProduct(merchant));
        foreach (var path in new[] { Orders, $"{Orders}/{order}", $"/api/orders/{order}", $"/api/orders/{order}/events" })
        {
            var head = await server.Send(HttpMethod.Head, path, null, path.StartsWith(Orders, StringComparison.Ordinal) ? token : null);
            Assert.Equal((HttpStatusCode.OK, ""), (head.Status, head.Body));
        }

        var file = await server.Send(HttpMethod.Head, Orders, null, token, ("Accept", "text/csv"));
        Assert.Equal((HttpStatusCode.OK, ""), (file.Status, file.Body));
        Assert.StartsWith("attachment; filename=", file.Headers["Content-Disposition"], StringComparison.Ordinal);
    }

    /// <summary>Oldest first; two of three are paid, in an order of their own.</summary>
    private async Task<List<MerchantOrderView>> Stored(string merchant, int count)
    {
        var orders = Enumerable.Range(0, count).Select(number => StoredOrders.View(new MerchantId(merchant), number))
            .Select((order, number) => number % 3 == 0
                ? order
                : StoredOrders.Paid(order, StoredOrders.Start.AddSeconds(3_600 + number * 7 % 41), $"{merchant}{number:D4}"))
            .ToList();
        await server.Database.Store(orders);
        return orders;
    }

    private async Task<string[]> All(string token, string query)
    {
        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await server.Get($"{Orders}?{query}{(cursor is null ? "" : $"&cursor={cursor}")}", token);
            Assert.True(page.Status is HttpStatusCode.OK, page.Body);
            found.AddRange(page.Json["data"]!.AsArray().Select(order => order!["orderId"]!.GetValue<string>()));
            cursor = page.Json["nextCursor"]?.GetValue<string>();
        }
        while (cursor is not null);

        return [.. found];
    }

    private static IEnumerable<string> Names(IEnumerable<MerchantOrderView> orders) => orders.Select(order => order.OrderId.Value);

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
}
