using System.Collections.Immutable;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Money;
using OpenBitum.Orders;
using OpenBitum.Wallets;

namespace OpenBitum.ReadModel;

public abstract class OrderRowFacts<TDatabase> : ReadModelFacts<TDatabase>
    where TDatabase : ITestedDatabase, new()
{
    [Fact]
    public async Task An_older_version_changes_neither_the_order_nor_what_it_grants()
    {
        await Upsert(Order(1, version: 2, OrderStatus.Paid, EntitlementStatus.Active));
        await Upsert(Order(1, version: 1, OrderStatus.Pending, EntitlementStatus.Pending));
        await Upsert(Order(1, version: 2, OrderStatus.Pending, EntitlementStatus.Pending));

        var order = Assert.Single(await Find(OrderFilter.All));
        Assert.Equal((OrderStatus.Paid, 2L), (order.Status, order.Version));
        var owned = await Read(session => EntitlementRows.OfEmail(session, "buyer@example.com", new PageRequest(10, null)));
        Assert.Equal(EntitlementStatus.Active, Assert.Single(owned.Data).Status);
    }

    [Fact]
    public async Task An_e_mail_owns_what_it_bought_at_every_merchant_whatever_its_case()
    {
        await Upsert(Order(1, entitlement: EntitlementStatus.Active, email: "Buyer@Example.com"));
        await Upsert(Order(2, entitlement: EntitlementStatus.Active, merchant: Theirs));
        await Upsert(Order(3, entitlement: EntitlementStatus.Active, email: "other@example.com"));

        var owned = await Read(session => EntitlementRows.OfEmail(session, "BUYER@example.COM", new PageRequest(10, null)));

        Assert.Equal([IdOf(2), IdOf(1)], owned.Data.Select(entitlement => entitlement.OrderId));
    }

    [Fact]
    public async Task Each_filter_finds_its_orders_and_no_other_merchants()
    {
        await Upsert(Order(1));
        await Upsert(Order(2, status: OrderStatus.Paid));
        await Upsert(Order(3, product: 9));
        await Upsert(Order(4, customer: 9));
        await Upsert(Order(5, merchant: Theirs));

        Assert.Equal([4, 3, 2, 1], await Numbers(OrderFilter.All));
        Assert.Equal([2], await Numbers(OrderFilter.All with { Status = OrderStatus.Paid }));
        Assert.Equal([3], await Numbers(OrderFilter.All with { Product = new ProductId(Id(ProductId.Prefix, 9)) }));
        Assert.Equal([4], await Numbers(OrderFilter.All with { Customer = new CustomerId(Id(CustomerId.Prefix, 9)) }));
        Assert.Equal([4, 3], await Numbers(OrderFilter.All with { From = Now.AddMinutes(3) }));
        Assert.Equal([2, 1], await Numbers(OrderFilter.All with { To = Now.AddMinutes(3) }));
        Assert.Empty(await Numbers(OrderFilter.All with { Status = OrderStatus.Paid, Product = new ProductId(Id(ProductId.Prefix, 9)) }));
    }

    [Fact]
    public async Task An_order_is_found_by_each_of_its_names_and_only_by_its_own_merchant()
    {
        var transaction = new string('a', 64);
        var address = SandboxKey.Key.Addresses(0, 1).Single();
        await Write(session => ScriptRows.Claim(session, "SANDBOX", Convert.ToHexStringLower(address.ScriptPubKey.AsSpan()), IdOf(2).Value, "key", 0, Now));
        await Upsert(Order(1, email: "Some.One@example.com"));
        await Upsert(Order(2));
        await Upsert(Order(3) with { Payments = [Payment($"{transaction}:0"), Payment($"{transaction}:1")] });
        await Upsert(Order(4, merchant: Theirs, email: "some.one@example.com") with { Payments = [Payment($"{transaction}:2")] });

        Assert.Equal([1], await Numbers(OrderFilter.All with { Search = IdOf(1).Value }));
        Assert.Equal([1], await Numbers(OrderFilter.All with { Search = "some.ONE@example.com" }));
        Assert.Equal([2], await Numbers(OrderFilter.All with { Search = address.Address }));
        Assert.Equal([3], await Numbers(OrderFilter.All with { Search = transaction }));
        Assert.Equal([3, 2, 1], await Numbers(OrderFilter.All with { Search = Id(CustomerId.Prefix, 1) }));
        Assert.Equal([3, 2, 1], await Numbers(OrderFilter.All with { Search = Id(ProductId.Prefix, 1) }));
        Assert.Empty(await Numbers(OrderFilter.All with { Search = IdOf(4).Value }));
        Assert.Empty(await Numbers(OrderFilter.All with { Search = "some.one" }));
        Assert.Empty(await Numbers(OrderFilter.All with { Search = new string('b', 64) }));
    }

    [Fact]
    public async Task Orders_of_an_erased_buyer_are_found_by_what_stands_in_place_of_the_e_mail()
    {
        var hash = new string('c', 64);
        await Upsert(Order(1, email: hash));
        await Upsert(Order(2, email: hash));
        await Upsert(Order(3, email: "some.one@example.com") with { Payments = [Payment($"{hash}:0")] });
        await Upsert(Order(4, merchant: Theirs, email: hash));

        Assert.Equal([3, 2, 1], await Numbers(OrderFilter.All with { Search = hash }));
        Assert.Equal([3, 2, 1], await Numbers(OrderFilter.All with { Search = hash.ToUpperInvariant() }));
    }

    [Fact]
    public async Task Each_sort_is_paged_in_its_order_and_shows_what_has_a_place_in_it()
    {
        for (var number = 1; number <= 8; number++)
        {
            var isPaid = number % 2 == 0;
            await Upsert(Order(number, status: isPaid ? OrderStatus.Paid : OrderStatus.Pending) with
            {
                PaidAt = isPaid ? Now.AddHours(number == 2 ? 9 : 1) : null,
            });
        }

        foreach (var limit in new[] { 1, 3, 8, 100 })
        {
            Assert.Equal(Enumerable.Range(1, 8), await Sorted(OrderSort.Oldest));
            Assert.Equal(Enumerable.Range(1, 8).Reverse(), await Sorted(OrderSort.Newest));
            Assert.Equal([2, 8, 6, 4], await Sorted(OrderSort.LastPaid));

            async Task<IEnumerable<int>> Sorted(OrderSort sort)
            {
                var filter = OrderFilter.All with { Sort = sort, From = Now };
                var orders = await Pages(limit, page => Read(session => OrderRows.OfMerchant(session, Ours, filter, page)));
                return orders.Select(order => order.Quantity);
            }
        }
    }

    [Fact]
    public async Task Pages_show_every_order_once_though_many_were_made_at_one_moment_and_more_are_made()
    {
        for (var number = 1; number <= 9; number++)
        {
            await Upsert(Order(number, created: Now));
        }

        var added = 50;
        foreach (var limit in new[] { 1, 2, 8, 9, 100 })
        {
            var seen = await Pages(
                limit,
                page => Read(session => OrderRows.OfMerchant(session, Ours, OrderFilter.All with { To = Now.AddDays(1) }, page)),
                () => Upsert(Order(++added, created: Now.AddHours(1))));
            Assert.Equal(
                Enumerable.Range(1, 9).Reverse().Select(IdOf),
                seen.SkipWhile(order => order.CreatedAt > Now).Select(order => order.OrderId));
        }
    }

    [Fact]
    public async Task Writers_of_one_order_at_once_leave_its_newest_version()
    {
        await Task.WhenAll(Enumerable.Range(1, 24).Reverse().Select(version => Upsert(Order(1, version, OrderStatus.Pending))));

        Assert.Equal(24, Assert.Single(await Find(OrderFilter.All)).Version);
    }

    protected Task Upsert(MerchantOrderView order) => Write(session => new OrderRow(order).Upsert(session));

    private async Task<ImmutableArray<MerchantOrderView>> Find(OrderFilter filter) =>
        (await Read(session => OrderRows.OfMerchant(session, Ours, filter, new PageRequest(100, null)))).Data;

    protected async Task<IEnumerable<int>> Numbers(OrderFilter filter) => (await Find(filter)).Select(order => order.Quantity);

    protected static PaymentView Payment(string id) => new(id, "SANDBOX", "1", PaymentState.Seen, 0, Now, null, false);

    protected static OrderId IdOf(int number) => new(Id(OrderId.Prefix, number));

    /// <summary>Made in the minute of its number, which is its quantity too.</summary>
    protected static MerchantOrderView Order(
        int number, long version = 1, OrderStatus status = OrderStatus.Pending, EntitlementStatus? entitlement = null,
        string email = "buyer@example.com", int product = 1, int customer = 1, MerchantId? merchant = null, DateTimeOffset? created = null)
    {
        Assert.True(Amount.TryParse("19.90", Asset.Currency("USD")!, out var price));
        var productId = new ProductId(Id(ProductId.Prefix, product));
        ImmutableArray<EntitlementView> entitlements = entitlement is { } granted
            ? [new EntitlementView(new EntitlementId(Id(EntitlementId.Prefix, number)), productId, IdOf(number), "record", "k", 1, granted, null)]
            : [];
        return new MerchantOrderView
        {
            OrderId = IdOf(number),
            Merchant = merchant ?? Ours,
            Version = version,
            Status = status,
            ProductId = productId,
            ProductName = "Course",
            Quantity = number,
            Price = price,
            Total = price,
            CreatedAt = created ?? Now.AddMinutes(number),
            ExpiresAt = Now.AddDays(1),
            CheckoutUrl = "http://localhost/",
            Test = true,
            PaymentMethods = [],
            Payments = [],
            PartiallyPaid = false,
            OverpaidAmount = null,
            PaidLate = false,
            Reversed = false,
            NeedsReview = false,
            Email = email,
            CustomerId = new CustomerId(Id(CustomerId.Prefix, customer)),
            Metadata = ImmutableSortedDictionary<string, string>.Empty,
            Entitlements = entitlements,
        };
    }
}
