using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Access;
using OpenBitum.Orders;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Orders;

public sealed class OrderExportTests(SharedServer shared)
{
    private const string Orders = "/api/merchant/orders";

    private const string Header =
        "orderId,createdAt,status,productId,productName,quantity,total,currency,email,methods,received,txIds,paidAt,expiresAt,flags";

    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task A_file_has_a_row_for_each_order_and_no_formula()
    {
        var merchant = ApiServer.NewMerchant();
        var plain = StoredOrders.View(new MerchantId(merchant), 0);
        var paid = StoredOrders.Paid(StoredOrders.View(new MerchantId(merchant), 1), StoredOrders.Start.AddHours(1), "ab12") with
        {
            ProductName = "=cmd|' /C calc'!A0",
            Email = "+1@example.com",
            PartiallyPaid = true,
            NeedsReview = true,
            Test = true,
        };
        var quoted = StoredOrders.View(new MerchantId(merchant), 2) with { ProductName = "-2+3, \"big\"\r\nsize", Email = "@sum@example.com" };
        await Store(server, [plain, paid, quoted]);

        var file = await server.Get($"{Orders}?sort=createdAt", server.Admin(merchant), ("Accept", "text/csv"));

        Assert.Equal(HttpStatusCode.OK, file.Status);
        Assert.Equal("text/csv; charset=utf-8; header=present", file.Headers["Content-Type"]);
        Assert.Matches("^attachment; filename=\"orders-[0-9]{4}-[0-9]{2}-[0-9]{2}.csv\"$", file.Headers["Content-Disposition"]);
        Assert.Equal("no-store", file.Headers["Cache-Control"]);
        Assert.Equal("Accept", file.Headers["Vary"]);
        Assert.Equal(
            $"{Header}\r\n"
            + $"{plain.OrderId},2026-01-01T00:00:00.000Z,pending,{plain.ProductId},Course,1,19.90,USD,buyer0@example.com,,,,,2026-01-01T00:15:00.000Z,\r\n"
            + $"{paid.OrderId},2026-01-01T00:00:01.000Z,paid,{paid.ProductId},'=cmd|' /C calc'!A0,1,19.90,USD,'+1@example.com,BTC,0.0005 BTC,ab12,"
            + "2026-01-01T01:00:00.000Z,2026-01-01T00:15:01.000Z,partiallyPaid;needsReview;test\r\n"
            + $"{quoted.OrderId},2026-01-01T00:00:02.000Z,pending,{quoted.ProductId},\"'-2+3, \"\"big\"\"\r\nsize\",1,19.90,USD,'@sum@example.com,,,,,"
            + "2026-01-01T00:15:02.000Z,\r\n",
            file.Body);
    }

    [Theory]
    [InlineData("=1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@a")]
    [InlineData("\ta")]
    [InlineData("\ra")]
    public async Task A_cell_that_begins_like_a_formula_has_an_apostrophe(string name)
    {
        var merchant = ApiServer.NewMerchant();
        await Store(server, [StoredOrders.View(new MerchantId(merchant), 0) with { ProductName = name }]);

        var file = await server.Get(Orders, server.Admin(merchant), ("Accept", "text/csv"));

        Assert.Contains(name.Contains('\r', StringComparison.Ordinal) ? $",\"'{name}\"," : $",'{name},", file.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/csv", true)]
    [InlineData("text/csv, */*;q=0.1", true)]
    [InlineData("text/csv, */*", true)]
    [InlineData("text/*", true)]
    [InlineData("application/json;q=0.5, text/csv;q=0.9", true)]
    [InlineData("text/csv;q=0.9, application/json", false)]
    [InlineData("text/csv, application/json", false)]
    [InlineData("text/csv;q=0, */*", false)]
    [InlineData("*/*", false)]
    [InlineData("image/png", false)]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", false)]
    [InlineData("not a type", false)]
    [InlineData("", false)]
    public async Task Whoever_prefers_a_file_gets_one(string accept, bool isFile)
    {
        var reply = await server.Get(Orders, server.Admin(ApiServer.NewMerchant()), ("Accept", accept));

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.StartsWith(isFile ? "text/csv" : "application/json", reply.Headers["Content-Type"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=5", "limit unknown_field")]
    [InlineData("cursor=AAAA", "cursor unknown_field")]
    [InlineData("sort=up", "sort bad_format")]
    public async Task A_part_of_a_file_is_refused(string query, string problem)
    {
        var refused = await server.Get($"{Orders}?{query}", server.Admin(ApiServer.NewMerchant()), ("Accept", "text/csv"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal([problem], refused.Details);
    }

    [Fact]
    public async Task Twenty_thousand_rows_are_on_their_way_before_they_are_read()
    {
        const int rows = 20_050;
        var pages = new Pages();
        await using var own = await ApiServer.Start(replace: services => services.AddSingleton<IOutgoingGrainCallFilter>(pages));
        await Store(own, Enumerable.Range(0, rows).Select(number => StoredOrders.View(new MerchantId("default"), number)));
        var gate = pages.StopAt(3);
        using var response = await Export(own);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        Assert.Equal(Header, await Line());
        var seen = new HashSet<string>();
        for (var number = 0; number < 200; number++)
        {
            Assert.True(seen.Add((await Line())!.Split(',')[0]));
        }

        // Two pages are here, the third is being asked for, and nobody has thought of the fourth.
        Assert.True(pages.Asked <= 3);
        gate.SetResult();
        while (await Line() is { } line)
        {
            Assert.True(seen.Add(line.Split(',')[0]));
        }

        Assert.Equal(rows, seen.Count);

        ValueTask<string?> Line() => lines.ReadLineAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_file_that_fails_in_the_middle_does_not_look_whole()
    {
        var pages = new Pages();
        await using var own = await ApiServer.Start(replace: services => services.AddSingleton<IOutgoingGrainCallFilter>(pages));
        await Store(own, Enumerable.Range(0, 450).Select(number => StoredOrders.View(new MerchantId("default"), number)));

        var gate = pages.StopAt(3);
        using (var response = await Export(own))
        {
            // Now, and not before its head is here: what is broken off may take with it what has not left yet.
            gate.SetException(new TimeoutException("The store is gone."));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        pages.StopAt(1).SetException(new TimeoutException("The store is gone."));
        using var refused = await Export(own);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("application/json", refused.Content.Headers.ContentType!.MediaType);
        Assert.Null(refused.Content.Headers.ContentDisposition);
    }

    private static Task Store(ApiServer server, IEnumerable<MerchantOrderView> orders) =>
        server.Database.Store(orders);

    private static Task<HttpResponseMessage> Export(ApiServer server)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Orders);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Admin());
        request.Headers.Accept.ParseAdd("text/csv");
        return server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Counts the pages that are asked for, and holds one.</summary>
    private sealed class Pages : IOutgoingGrainCallFilter
    {
        private TaskCompletionSource gate = new();
        private int stop;

        public int Asked { get; private set; }

        public TaskCompletionSource StopAt(int page)
        {
            (Asked, stop, gate) = (0, page, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return gate;
        }

        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            if (context.MethodName == nameof(IOrderQueries.OfMerchant) && context.InterfaceName.Contains("Order", StringComparison.OrdinalIgnoreCase)
                && ++Asked == stop)
            {
                await gate.Task;
            }

            await context.Invoke();
        }
    }
}
