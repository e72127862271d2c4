using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenBitum.Tests.Analytics;

public sealed class AnalyticsTests(SharedServer shared)
{
    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task A_sale_shows_in_every_sum()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var product = await server.NewProduct(merchant);
        var order = await server.NewOrder(product);
        await server.NewOrder(product);
        await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order, ["amount"] = "20" });

        var told = await server.Get("/api/merchant/analytics", token);

        Assert.Equal(HttpStatusCode.OK, told.Status);
        Assert.Equal("""[{"amount":"19.90","currency":"USD"}]""", told.Text("sales"));
        Assert.Equal("[]", told.Text("refunds"));
        Assert.Equal("""{"created":2,"paid":1,"expired":0,"refunded":0}""", told.Text("orders"));
        Assert.Equal(
            $$"""[{"productId":"{{product}}","productName":"Course","orders":1,"sales":[{"amount":"19.90","currency":"USD"}]}]""",
            told.Text("byProduct"));
        Assert.Equal("""[{"chain":"SANDBOX","orders":1,"received":[{"amount":"20","asset":"SANDBOX"}]}]""", told.Text("byChain"));
        Assert.Equal("[]", told.Text("reserves"));
        var series = told.Json["series"]!.AsArray();
        Assert.Equal(30, series.Count);
        Assert.Equal(told.Text("from"), told.Text("series.0.from"));
        Assert.Equal(1, series.Sum(point => point!["orders"]!.GetValue<int>()));
        Assert.EndsWith("T00:00:00.000Z", told.Text("to"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_period_holds_its_beginning_and_not_its_end()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var order = await server.NewOrder(await server.NewProduct(merchant));
        await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order });
        var paidAt = DateTimeOffset.Parse((await server.Get($"/api/merchant/orders/{order}", token)).Text("paidAt"));

        Assert.Equal("1", await Paid(paidAt, paidAt.AddMilliseconds(1)));
        Assert.Equal("0", await Paid(paidAt.AddMilliseconds(1), paidAt.AddDays(2)));
        Assert.Equal("0", await Paid(paidAt.AddDays(-2), paidAt));
        Assert.Equal("1", await Paid(paidAt.AddDays(-2), paidAt.AddDays(2)));

        async Task<string> Paid(DateTimeOffset from, DateTimeOffset to) =>
            (await server.Get($"/api/merchant/analytics?from={Text(from)}&to={Text(to)}", token)).Text("orders.paid");
    }

    [Fact]
    public async Task Another_merchants_sales_are_in_no_sum()
    {
        var merchant = ApiServer.NewMerchant();
        var order = await server.NewOrder(await server.NewProduct(merchant));
        await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order });

        var told = await server.Get("/api/merchant/analytics", server.Admin(ApiServer.NewMerchant()));

        Assert.Equal("""{"created":0,"paid":0,"expired":0,"refunded":0}""", told.Text("orders"));
        Assert.Equal("[]", told.Text("byProduct"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get("/api/merchant/analytics")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Send(HttpMethod.Head, "/api/merchant/analytics", null, server.Admin(merchant))).Status);
    }

    [Theory]
    [InlineData("day", 6, "2026-01-30T12:00:00.000Z,2026-01-31T00:00:00.000Z,2026-02-01T00:00:00.000Z")]
    [InlineData("week", 2, "2026-01-30T12:00:00.000Z,2026-02-02T00:00:00.000Z")]
    [InlineData("month", 2, "2026-01-30T12:00:00.000Z,2026-02-01T00:00:00.000Z")]
    public async Task A_series_covers_the_period_in_days_weeks_from_monday_or_months(string interval, int points, string first)
    {
        var told = await server.Get(
            $"/api/merchant/analytics?from=2026-01-30T12:00:00Z&to=2026-02-04T00:00:01Z&interval={interval}", server.Admin(ApiServer.NewMerchant()));

        var starts = told.Json["series"]!.AsArray().Select(point => point!["from"]!.GetValue<string>()).ToList();
        Assert.Equal(points, starts.Count);
        Assert.Equal(first.Split(','), starts.Take(first.Split(',').Length));
    }

    [Theory]
    [InlineData("from=2026-01-01", "from bad_format")]
    [InlineData("interval=hour", "interval bad_format")]
    [InlineData("interval=", "interval bad_format")]
    [InlineData("from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z", "to out_of_range")]
    [InlineData("from=2999-01-02T00:00:00Z", "from out_of_range")]
    [InlineData("to=0001-01-01T00:00:00Z", "to out_of_range")]
    [InlineData("to=9999-12-31T23:59:59Z", "to out_of_range")]
    [InlineData("from=1969-12-31T23:59:59Z", "from out_of_range")]
    [InlineData("from=2020-01-01T00:00:00Z&to=2021-02-05T00:00:00Z", "interval out_of_range")]
    [InlineData("from=2000-01-01T00:00:00Z&to=2010-01-08T00:00:01Z&interval=month", "to out_of_range")]
    [InlineData("until=2026-01-01T00:00:00Z", "until unknown_field")]
    public async Task A_period_that_cannot_be_told_is_refused(string query, string problem)
    {
        var refused = await server.Get($"/api/merchant/analytics?{query}", server.Admin());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal([problem], refused.Details);
    }

    [Theory]
    [InlineData("from=2020-01-01T00:00:00Z&to=2021-02-04T00:00:00Z", 400)]
    [InlineData("from=2000-01-01T00:00:00Z&to=2010-01-08T00:00:00Z&interval=month", 121)]
    [InlineData("to=1970-01-31T00:00:00Z", 30)]
    public async Task The_longest_period_is_told(string query, int points)
    {
        var told = await server.Get($"/api/merchant/analytics?{query}", server.Admin(ApiServer.NewMerchant()));

        Assert.Equal(points, told.Json["series"]!.AsArray().Count);
    }

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
}
