using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Chains;
using OpenBitum.Entitlements;
using OpenBitum.Json;
using OpenBitum.Money;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Site;
using OpenBitum.Tests.Hosting;
using OpenBitum.Wallets;
using Xunit;

namespace OpenBitum.Orders;

public sealed class OrderGrainTests
{
    private const string Zpub =
        "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";

    [Fact]
    public async Task A_sale_is_paid_granted_listed_and_told()
    {
        await using var sale = await SaleFixture.Start();
        var product = await sale.Product(entitlements: ["course-101", "forum"]);
        var id = await sale.Open(product);

        var pending = await sale.View(id);
        var method = Assert.Single(pending.PaymentMethods);
        Assert.Equal(("SANDBOX", "19.9", "19.9", 1), (method.Method, method.Due, method.Remaining, method.ConfirmationsRequired));
        Assert.Equal($"sandbox:{method.Address}?amount=19.9", method.PaymentUri);
        Assert.EndsWith($"/checkout/{id.Value}", pending.CheckoutUrl, StringComparison.Ordinal);
        Assert.True(pending.Test);

        await sale.Pay(id, "19.9");
        await sale.Look();
        Assert.Equal(OrderStatus.Paid, (await sale.View(id)).Status);

        var granted = await sale.Until(() => sale.Entitlements("BUYER@example.com"), all => all.All(one => one.Status is EntitlementStatus.Active) && all.Length == 2);
        Assert.Equal(["forum", "course-101"], granted.OrderByDescending(one => one.Key, StringComparer.Ordinal).Select(one => one.Key));
        Assert.Equal(
            [
                (EventType.OrderCreated, 1L), (EventType.PaymentReceived, 2L), (EventType.OrderPaid, 3L),
                (EventType.EntitlementApplied, 4L), (EventType.EntitlementApplied, 5L),
            ],
            await sale.Events(id.Value));
        var view = (await sale.Order(id).MerchantView())!;
        Assert.Equal([(EventType.CustomerCreated, 1L)], await sale.Events(view.CustomerId.Value));
        Assert.False(await sale.Until(() => sale.IsReminded(id), reminded => !reminded, takesTime: true));
    }

    [Fact]
    public async Task The_same_checkout_many_times_is_one_order()
    {
        await using var sale = await SaleFixture.Start();
        var product = await sale.Product(stock: 5);
        var id = sale.NewOrder();

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => sale.Order(id).Open(SaleFixture.Wish(product))));

        Assert.All(results, result => Assert.Equal(OpenOrderStatus.Opened, result.Status));
        Assert.Equal(4, await sale.Stock(product));
        Assert.Equal([(EventType.OrderCreated, 1L)], await sale.Events(id.Value));
        Assert.Equal(1, await sale.Count("SELECT COUNT(*) FROM scripts"));
        Assert.Equal(1, await sale.Count("SELECT COUNT(*) FROM customers"));
    }

    [Fact]
    public async Task Parallel_checkouts_on_one_key_never_share_an_address()
    {
        const int orders = 640;
        await using var sale = await SaleFixture.Start();
        var product = await sale.Product();

        var ids = Enumerable.Range(0, orders).Select(_ => sale.NewOrder()).ToList();
        foreach (var some in ids.Chunk(64))
        {
            await Task.WhenAll(some.Select((id, number) => sale.Order(id).Open(SaleFixture.Wish(product, $"b{number}@example.com"))));
        }

        var views = await Task.WhenAll(ids.Select(sale.View));
        Assert.Equal(orders, views.Select(view => view.PaymentMethods[0].Address).OfType<string>().Distinct().Count());
        Assert.Equal(orders, await sale.Count("SELECT COUNT(*) FROM scripts"));
        Assert.Equal(64, await sale.Count("SELECT COUNT(*) FROM customers"));
        Assert.Equal(orders, await sale.Count("SELECT COUNT(*) FROM orders"));
        Assert.Equal(0, await sale.Count("SELECT COUNT(*) FROM unpublished"));
    }

    [Fact]
    public async Task The_last_unit_is_sold_once_and_comes_back_once()
    {
        await using var sale = await SaleFixture.Start();
        var product = await sale.Product(stock: 1);

        var ids = Enumerable.Range(0, 20).Select(_ => sale.NewOrder()).ToList();
        var results = await Task.WhenAll(ids.Select(id => sale.Order(id).Open(SaleFixture.Wish(product))));

        var sold = ids[Array.FindIndex(results, result => result.Status is OpenOrderStatus.Opened)];
        Assert.Equal(19, results.Count(result => result.Status is OpenOrderStatus.OutOfStock));
        Assert.Equal(0, await sale.Stock(product));
        Assert.Equal(1, await sale.Count("SELECT COUNT(*) FROM customers"));

        await sale.Until(() => sale.View(sold), view => view.Status is OrderStatus.Expired, takesTime: true);
        Assert.Equal(1, await sale.Until(() => sale.Stock(product), stock => stock > 0));
        foreach (var id in ids)
        {
            Assert.False(await sale.Until(() => sale.IsReminded(id), reminded => !reminded, takesTime: true));
        }

        Assert.Equal(1, await sale.Stock(product));
        Assert.Equal([(EventType.OrderCreated, 1L), (EventType.OrderExpired, 2L)], await sale.Events(sold.Value));
    }

    [Fact]
    public async Task An_order_that_nobody_calls_expires_by_its_reminder()
    {
        await using var sale = await SaleFixture.Start(("Orders:TtlSeconds", "60"));
        var id = await sale.Open(await sale.Product(stock: 3));
        await sale.KillAndStart();

        Assert.NotEmpty(await sale.Until(
            () => sale.Events(id.Value), events => events.Any(told => told.Type == EventType.OrderExpired), takesTime: true));
    }

    [Fact]
    public async Task Two_parts_pay_and_the_page_asks_for_the_rest_in_between()
    {
        await using var sale = await SaleFixture.Start();
        var id = await sale.Open(await sale.Product());

        await sale.Pay(id, "9.9");
        await sale.Look();
        var part = await sale.View(id);
        Assert.Equal((OrderStatus.Pending, true, "10"), (part.Status, part.PartiallyPaid, part.PaymentMethods[0].Remaining));

        await sale.Pay(id, "10.5", confirmations: 0);
        await sale.Look();
        Assert.Equal(OrderStatus.Processing, (await sale.View(id)).Status);

        await sale.Grains.GetGrain<ISandboxChainGrain>(ISandboxChainGrain.Key).Mine(1);
        await sale.Look();
        var paid = await sale.View(id);
        Assert.Equal((OrderStatus.Paid, new Amount(Asset.Sandbox, 50_000_000)), (paid.Status, paid.OverpaidAmount));
    }

    [Fact]
    public async Task A_reorg_that_takes_the_money_suspends_what_was_granted_and_new_money_lifts_it()
    {
        await using var sale = await SaleFixture.Start();
        var id = await sale.Open(await sale.Product(entitlements: "course-101"));
        await sale.Pay(id, "19.9");
        await sale.Look();
        await sale.Until(() => sale.Entitlements("buyer@example.com"), all => all.Any(one => one.Status is EntitlementStatus.Active));

        await sale.Grains.GetGrain<ISandboxChainGrain>(ISandboxChainGrain.Key).Reorg(1, keep: false);
        await sale.Look();
        Assert.Equal((true, true), ((await sale.View(id)).Reversed, (await sale.View(id)).NeedsReview));
        Assert.Equal(EntitlementStatus.Suspended, (await sale.Entitlements("buyer@example.com")).Single().Status);
        Assert.Contains(await sale.Events(id.Value), told => told.Type == EventType.OrderReversed);
        Assert.False(await sale.Until(() => sale.IsReminded(id), reminded => !reminded, takesTime: true));

        await sale.Pay(id, "19.9");
        await sale.Look();
        Assert.Equal((OrderStatus.Paid, false, false), await Standing());
        Assert.Equal(EntitlementStatus.Active, (await sale.Entitlements("buyer@example.com")).Single().Status);
        Assert.Single(await sale.Events(id.Value), told => told.Type == EventType.OrderPaid);

        async Task<(OrderStatus Status, bool Reversed, bool NeedsReview)> Standing()
        {
            var view = await sale.View(id);
            return (view.Status, view.Reversed, view.NeedsReview);
        }
    }

    [Fact]
    public async Task Money_that_comes_late_is_kept_and_reviewed()
    {
        await using var sale = await SaleFixture.Start(("Orders:TtlSeconds", "60"));
        var id = await sale.Open(await sale.Product(entitlements: "course-101"));
        await sale.Until(() => sale.View(id), view => view.Status is OrderStatus.Expired, takesTime: true);

        await sale.Pay(id, "19.9");
        await sale.Look();

        var view = await sale.View(id);
        Assert.Equal((OrderStatus.Expired, true, true), (view.Status, view.PaidLate, view.NeedsReview));
        Assert.True(Assert.Single(view.Payments).Late);
        Assert.Empty(await sale.Entitlements("buyer@example.com"));
    }

    [Fact]
    public async Task The_methods_of_the_sites_default_token_stand_first_on_orders_opened_from_then_on()
    {
        await using var node = await NodeStub.StartAtBlock0(new ManualClock().GetUtcNow());
        await using var sale = await StartOnTwoChains(node);
        var product = await sale.Product();
        var orders = new List<OrderId>();
        foreach (var token in new[] { "SANDBOX", "BTC" })
        {
            var updated = await sale.Grains.GetGrain<ISiteGrain>(ISiteGrain.Key).Update(
                new UpdateSite(new SiteFields { DefaultPaymentToken = Change<string>.To(token) }, null));
            Assert.Equal(SiteStatus.Done, updated.Status);
            orders.Add(await sale.Open(product));
        }

        Assert.Equal(["SANDBOX", "BTC"], (await sale.View(orders[0])).PaymentMethods.Select(method => method.Method));
        Assert.Equal(["BTC", "SANDBOX"], (await sale.View(orders[1])).PaymentMethods.Select(method => method.Method));
    }

    [Fact]
    public async Task A_buyer_with_a_choice_gets_an_address_for_each_method_they_pick()
    {
        await using var node = await NodeStub.StartAtBlock0(new ManualClock().GetUtcNow());
        await using var sale = await StartOnTwoChains(node);
        var id = await sale.Open(await sale.Product());
        Assert.All((await sale.View(id)).PaymentMethods, method => Assert.Null(method.Address));

        sale.Clock.Advance(TimeSpan.FromSeconds(10));
        var first = await sale.Order(id).SelectMethod(new SelectMethod("BTC"));
        var again = await sale.Order(id).SelectMethod(new SelectMethod("BTC"));
        var second = await sale.Order(id).SelectMethod(new SelectMethod("SANDBOX"));

        // The first address of BIP 84's own example.
        Assert.Equal("bitcoin:bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu?amount=0.00033167", first.Order!.PaymentMethods[0].PaymentUri);
        Assert.Equal(first.Order.Version, again.Order!.Version);
        // No block from before the choice is read for it: nobody can have paid there, and orders may be a week old by then.
        Assert.Equal(
            sale.Clock.GetUtcNow().ToUnixTimeMilliseconds(), await sale.Count("SELECT created_at FROM scripts WHERE chain = 'BTC'"));
        Assert.All(second.Order!.PaymentMethods, method => Assert.NotNull(method.Address));
        Assert.Equal(SelectMethodStatus.NoPaymentMethod, (await sale.Order(id).SelectMethod(new SelectMethod("LTC"))).Status);

        await sale.Pay(id, "19.9");
        await sale.Look();
        Assert.Equal(OrderStatus.Paid, (await sale.View(id)).Status);
        Assert.Equal(SelectMethodStatus.OrderClosed, (await sale.Order(id).SelectMethod(new SelectMethod("BTC"))).Status);
    }

    [Fact]
    public async Task Lists_are_filtered_paged_and_newest_first()
    {
        await using var sale = await SaleFixture.Start();
        var first = await sale.Product();
        var second = await sale.Product();
        var ids = new List<OrderId>();
        for (var number = 0; number < 5; number++)
        {
            ids.Add(await sale.Open(number == 2 ? second : first, $"b{number % 2}@example.com"));
            sale.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await sale.Look();
        await sale.Pay(ids[4], "19.9");
        await sale.Look();

        var queries = sale.Grains.GetGrain<IOrderQueries>("0");
        var page = await queries.OfMerchant(SaleFixture.Merchant, OrderFilter.All, new PageRequest(2, null));
        Assert.Equal([ids[4], ids[3]], page.Data.Select(order => order.OrderId));
        Assert.True(Cursor.TryParse(page.NextCursor!, out var cursor));
        var rest = await queries.OfMerchant(SaleFixture.Merchant, OrderFilter.All, new PageRequest(3, cursor));
        Assert.Equal([ids[2], ids[1], ids[0]], rest.Data.Select(order => order.OrderId));
        Assert.Null(rest.NextCursor);

        var customer = (await sale.Order(ids[0]).MerchantView())!.CustomerId;
        var created = (await sale.View(ids[1])).CreatedAt;
        Assert.Equal([ids[4]], await Find(OrderFilter.All with { Status = OrderStatus.Paid }));
        Assert.Equal([ids[2]], await Find(OrderFilter.All with { Product = second }));
        Assert.Equal([ids[4], ids[2], ids[0]], await Find(OrderFilter.All with { Customer = customer }));
        Assert.Equal([ids[2], ids[1]], await Find(OrderFilter.All with { From = created, To = created.AddSeconds(2) }));
        Assert.Empty((await queries.OfMerchant(new MerchantId("shop-2"), OrderFilter.All, new PageRequest(9, null))).Data);

        async Task<IEnumerable<OrderId>> Find(OrderFilter filter) =>
            (await queries.OfMerchant(SaleFixture.Merchant, filter, new PageRequest(9, null))).Data.Select(order => order.OrderId);
    }

    [Fact]
    public async Task A_buyers_JSON_is_that_of_the_view_before_and_after_a_payment()
    {
        await using var sale = await SaleFixture.Start();
        var id = await sale.Open(await sale.Product());
        var open = await Same();

        await sale.Pay(id, "19.9");
        await sale.Look();

        var paid = await sale.Until(Same, view => view.Status is OrderStatus.Paid);
        Assert.True(paid.Version > open.Version);

        async Task<BuyerOrderView> Same()
        {
            var json = (await sale.Order(id).BuyerJson())!;
            var view = await sale.View(id);
            // Between the two questions the order may have changed; then there is nothing to compare.
            Assert.True(json.Version < view.Version || json == new BuyerOrderJson(view.Version, JsonSerializer.Serialize(view, WireJson.Options)));
            return view;
        }
    }

    [Fact]
    public async Task What_does_not_exist_has_no_view()
    {
        await using var sale = await SaleFixture.Start();
        var order = sale.Order(sale.NewOrder());

        Assert.Null(await order.BuyerView());
        Assert.Null(await order.BuyerJson());
        Assert.Null(await order.MerchantView());
        Assert.Equal(SelectMethodStatus.NotFound, (await order.SelectMethod(new SelectMethod("SANDBOX"))).Status);
        Assert.Equal(OpenOrderStatus.ProductNotFound, (await order.Open(SaleFixture.Wish(ProductId.New(sale.Clock.GetUtcNow())))).Status);
        Assert.Equal(
            OpenOrderStatus.Invalid, (await order.Open(SaleFixture.Wish(await sale.Product(), quantity: -1))).Status);
    }

    /// <summary>SANDBOX and a Bitcoin node, with a wallet on each.</summary>
    private static async Task<SaleFixture> StartOnTwoChains(NodeStub node)
    {
        var sale = await SaleFixture.Start(
            silo => silo.Services.AddKeyedSingleton<IChain>("BTC", (_, _) => new BitcoinChain(node.Client(new ChainOptions()), 200)),
            ("Chains:SANDBOX:Enabled", "true"), ("Chains:BTC:RpcUrl", node.Url.ToString()), ("Rates:Fixed:BTC:USD", "60000"));
        var wallet = await sale.Grains.GetGrain<IWalletGrain>(IWalletGrain.KeyOf(SaleFixture.Merchant, "BTC")).Set(
            new SetWallet(SaleFixture.Merchant, "BTC", Zpub, null, null));
        Assert.Equal(SetWalletStatus.Done, wallet.Status);
        return sale;
    }
}
