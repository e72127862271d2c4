using System.Security.Cryptography;
using OpenBitum.Access;
using OpenBitum.Ids;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Orders;

public sealed partial class OrderListTests
{
    private static readonly MerchantId Merchant = new("lists");
    private static readonly MerchantId Stranger = new("stranger");

    private static readonly OrderSort[] Sorts = Enum.GetValues<OrderSort>();

    [Fact]
    public async Task Pages_neither_miss_nor_double_an_order_while_others_are_added()
    {
        await using var host = await FeatureHost.Start(new ManualClock());
        foreach (var sort in Sorts)
        {
            var merchant = new MerchantId($"paging-{sort}");
            var present = Enumerable.Range(0, 700).Select(number => Some(merchant, number * 2)).ToList();
            await host.Database.Store(present);

            var seen = new List<MerchantOrderView>();
            var added = 0;
            string? next = null;
            do
            {
                var page = await Page(host, merchant, OrderFilter.All with { Sort = sort }, next, limit: 37);
                seen.AddRange(page.Data);
                next = page.NextCursor;
                // Before, between and behind what is there; numbers that are odd are new.
                await host.Database.Store(Enumerable.Range(0, added < 600 ? 40 : 0).Select(_ => Some(merchant, added++ * 7 % 1999 * 2 + 1 - 800)));
            }
            while (next is not null);

            var expected = present.Where(order => sort is not OrderSort.LastPaid || order.PaidAt is not null).Select(order => order.OrderId).ToHashSet();
            Assert.Equal(seen.Count, seen.Select(order => order.OrderId).Distinct().Count());
            Assert.Equal(expected, seen.Select(order => order.OrderId).Where(expected.Contains).ToHashSet());
            var places = seen.Select(order => sort is OrderSort.LastPaid ? order.PaidAt!.Value : order.CreatedAt).ToList();
            Assert.Equal(sort is OrderSort.Oldest ? places.Order() : places.OrderDescending(), places);
        }
    }

    [Fact]
    public async Task Orders_of_one_moment_are_told_apart_by_their_ids()
    {
        await using var host = await FeatureHost.Start(new ManualClock());
        var twins = Enumerable.Range(0, 250).Select(number => StoredOrders.Paid(
            StoredOrders.View(Merchant, number) with { CreatedAt = StoredOrders.Start }, StoredOrders.Start, Transaction(number))).ToList();
        await host.Database.Store(twins);

        foreach (var sort in Sorts)
        {
            var seen = await All(host, Merchant, OrderFilter.All with { Sort = sort }, limit: 7);
            Assert.Equal(twins.Select(order => order.OrderId.Value).Order(), seen.Order());
        }
    }

    [Fact]
    public async Task A_search_finds_exactly_what_it_names()
    {
        await using var host = await FeatureHost.Start(new ManualClock());
        var orders = Enumerable.Range(0, 30).Select(number => StoredOrders.View(Merchant, number)).ToList();
        var (first, second) = (orders[3], orders[4]);
        await host.Database.Store(orders);
        await host.Database.Store([.. Enumerable.Range(0, 30).Select(number => StoredOrders.View(Stranger, number))]);
        var shared = Transaction(1);
        await host.Database.Store([StoredOrders.Paid(first, StoredOrders.Start.AddHours(1), shared), StoredOrders.Paid(second, StoredOrders.Start.AddHours(2), shared)]);
        await Claim(host, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", first.OrderId);

        foreach (var sort in Sorts)
        {
            Assert.Equal([first.OrderId.Value], await Found(first.OrderId.Value, sort));
            Assert.Equal([first.OrderId.Value], await Found("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", sort));
            Assert.Equal([first.OrderId.Value], await Found("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", sort));
            string[] both = sort is OrderSort.Oldest ? [first.OrderId.Value, second.OrderId.Value] : [second.OrderId.Value, first.OrderId.Value];
            Assert.Equal(both, await Found(shared, sort));
            Assert.Equal(both, await Found(shared.ToUpperInvariant(), sort));
            Assert.Empty(await Found(shared[1..], sort));
            Assert.Empty(await Found("", sort));
            Assert.Empty(await Found("' OR 1=1 --", sort));
        }

        Assert.Equal(3, (await Found("buyer3@example.com")).Length);
        Assert.Equal(3, (await Found("BUYER3@Example.com")).Length);
        Assert.Empty(await Found("buyer3@example.co"));
        Assert.Equal(3, (await Found(first.CustomerId.Value)).Length);
        Assert.Equal(30, (await Found(StoredOrders.Product.Value)).Length);
        Assert.Equal([first.OrderId.Value], await All(host, Merchant, OrderFilter.All with { Search = "buyer3@example.com", Status = OrderStatus.Paid }));

        async Task<string[]> Found(string text, OrderSort sort = OrderSort.Newest) =>
            await All(host, Merchant, OrderFilter.All with { Search = text, Sort = sort });
    }

    [Fact]
    public async Task Every_later_payment_is_found_and_none_is_written_twice()
    {
        await using var host = await FeatureHost.Start(new ManualClock());
        var order = StoredOrders.Paid(StoredOrders.View(Merchant, 1), StoredOrders.Start, Transaction(1));
        var more = order with
        {
            Version = order.Version + 1,
            // Another output of a known transaction, and an unknown one.
            Payments = [.. order.Payments, order.Payments[0] with { Id = $"{Transaction(1)}:1" }, order.Payments[0] with { Id = $"{Transaction(2)}:0" }],
        };
        await host.Database.Store([order, more, order, more]);

        Assert.Equal([order.OrderId.Value], await All(host, Merchant, OrderFilter.All with { Search = Transaction(1) }));
        Assert.Equal([order.OrderId.Value], await All(host, Merchant, OrderFilter.All with { Search = Transaction(2) }));
        Assert.Equal(2, await Count(host, "SELECT COUNT(*) FROM order_transactions"));
    }

    [Fact]
    public async Task An_erased_email_is_found_no_more_and_stands_nowhere_in_the_row()
    {
        await using var host = await FeatureHost.Start(new ManualClock());
        var order = StoredOrders.View(Merchant, 5) with { Email = "Erase.Me@example.com" };
        await host.Database.Store([order]);
        Assert.Single(await All(host, Merchant, OrderFilter.All with { Search = "erase.me@example.com" }));

        await host.Database.Store([order with { Email = "sha256:ab", Version = 2 }]);

        Assert.Empty(await All(host, Merchant, OrderFilter.All with { Search = "erase.me@example.com" }));
        Assert.Single(await All(host, Merchant, OrderFilter.All));
        Assert.Equal(0, await Count(host, "SELECT COUNT(*) FROM orders WHERE email LIKE '%erase%' OR view LIKE '%rase.%e@%'"));
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_no_cursor()
    {
        var filter = OrderFilter.All with { Search = "a@example.com" };
        var cursor = OrderCursor.Behind(Merchant, filter, StoredOrders.Start, StoredOrders.View(Merchant, 1).OrderId);

        Assert.True(OrderCursor.TryRead(cursor, Merchant, filter, out var place));
        Assert.Equal(StoredOrders.Start, place);
        Assert.False(OrderCursor.TryRead(cursor, Stranger, filter, out _));
        Assert.False(OrderCursor.TryRead(cursor, Merchant, filter with { Sort = OrderSort.Oldest }, out _));
        Assert.False(OrderCursor.TryRead(cursor, Merchant, filter with { Status = OrderStatus.Paid }, out _));
        Assert.False(OrderCursor.TryRead(cursor, Merchant, filter with { To = StoredOrders.Start }, out _));
        Assert.False(OrderCursor.TryRead(cursor with { Key = cursor.Key + "x" }, Merchant, filter, out _));
        Assert.False(OrderCursor.TryRead(cursor with { Key = cursor.Key + "99999999" }, Merchant, filter, out _));
        Assert.False(OrderCursor.TryRead(cursor with { Id = "evt_1" }, Merchant, filter, out _));

        await using var host = await FeatureHost.Start(new ManualClock());
        await Assert.ThrowsAsync<ArgumentException>(() => Page(host, Stranger, filter, cursor.ToString(), 20));
    }

    /// <summary>Two of three are paid, in an order of their own.</summary>
    private static MerchantOrderView Some(MerchantId merchant, int number)
    {
        var order = StoredOrders.View(merchant, number);
        return number % 3 == 0 ? order : StoredOrders.Paid(order, StoredOrders.Start.AddSeconds(number * 7919 % 2003), Transaction(number));
    }

    private static string Transaction(int number) => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number)));

    private static Task<Page<MerchantOrderView>> Page(FeatureHost host, MerchantId merchant, OrderFilter filter, string? next, int limit)
    {
        Cursor? after = null;
        Assert.True(next is null || Cursor.TryParse(next, out after));
        return host.Grains.GetGrain<IOrderQueries>("0").OfMerchant(merchant, filter, new PageRequest(limit, after));
    }

    private static async Task<string[]> All(FeatureHost host, MerchantId merchant, OrderFilter filter, int limit = 100)
    {
        var found = new List<string>();
        string? next = null;
        do
        {
            var page = await Page(host, merchant, filter, next, limit);
            found.AddRange(page.Data.Select(order => order.OrderId.Value));
            next = page.NextCursor;
        }
        while (next is not null);

        return [.. found];
    }

    private static Task<bool> Claim(FeatureHost host, string address, OrderId order)
    {
        Assert.True(Wallets.BitcoinAddress.TryParse(Wallets.BitcoinNetwork.Bitcoin, address, out var script));
        return host.Database.Write(session => ScriptRows.Claim(
            session, "BTC", Convert.ToHexStringLower(script.AsSpan()), order.Value, "key", 0, StoredOrders.Start));
    }

    private static Task<long> Count(FeatureHost host, string sql) =>
        host.Database.Read(session => session.First(sql, reader => reader.GetInt64(0)));
}
