using OpenBitum.Catalog;
using OpenBitum.Chains;
using OpenBitum.Json;
using Xunit;

namespace OpenBitum.Orders;

/// <summary>Late money that the merchant accepts takes again what its order has given back, wherever the process dies.</summary>
public sealed class LateStockTests
{
    /// <summary>More than hearing of a payment has.</summary>
    private const int MostSteps = 22;

    private const int Stock = 3;

    [Fact]
    public async Task Late_money_takes_its_units_once_wherever_the_process_dies()
    {
        await using var sale = await Start();
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var (product, id) = await Expired(sale);
            await sale.Pay(id, "19.9");
            sale.KillSwitch.After(steps);
            await AnyEnd(sale.Look);
            await sale.KillAndStart();

            await sale.Until(() => sale.View(id), order => order.Status is OrderStatus.Paid, takesTime: true);
            await sale.Until(() => sale.IsReminded(id), reminded => !reminded, takesTime: true);

            Assert.True(await sale.Stock(product) == Stock - 1, $"after {steps} steps {await sale.Stock(product)} are left");
            Assert.False((await sale.View(id)).NeedsReview, $"after {steps} steps it needs a review");
            Assert.True(
                await Records(sale, "product", product.Value, id.Value) == 0, $"after {steps} steps the product still keeps the order's id");
        }
    }

    [Fact]
    public async Task An_order_that_looks_at_itself_before_late_money_is_told_again_takes_its_units_once()
    {
        await using var sale = await Start();
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var (product, id) = await Expired(sale);
            await sale.Pay(id, "19.9");
            sale.KillSwitch.After(steps);
            await AnyEnd(sale.Look);
            sale.KillSwitch.Disarm();

            // Publishing has the order arrange for what is left to do, which its timer does before the next look.
            await sale.Order(id).Publish();
            await sale.Until(() => Records(sale, "order", id.Value, "\"stock\":\"retaking\""), retaking => retaking == 0, takesTime: true);
            await sale.Until(() => sale.View(id), order => order.Status is OrderStatus.Paid, takesTime: true);
            await sale.Until(() => sale.IsReminded(id), reminded => !reminded, takesTime: true);

            Assert.True(await sale.Stock(product) == Stock - 1, $"after {steps} steps {await sale.Stock(product)} are left");
        }
    }

    [Fact]
    public async Task Late_money_that_vanishes_before_its_order_was_paid_leaves_the_units_where_they_were()
    {
        await using var sale = await Start();
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var (product, id) = await Expired(sale);
            await sale.Pay(id, "19.9");
            sale.KillSwitch.After(steps);
            await AnyEnd(sale.Look);
            sale.KillSwitch.Disarm();
            await sale.Grains.GetGrain<ISandboxChainGrain>(ISandboxChainGrain.Key).Reorg(1, keep: false);

            await sale.Until(() => sale.IsReminded(id), reminded => !reminded, takesTime: true);

            var left = (await sale.View(id)).Status is OrderStatus.Paid ? Stock - 1 : Stock;
            Assert.True(await sale.Stock(product) == left, $"after {steps} steps {await sale.Stock(product)} are left, not {left}");
        }
    }

    [Fact]
    public async Task Late_money_for_which_no_units_are_left_pays_and_needs_a_review_wherever_the_process_dies()
    {
        await using var sale = await Start();
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var (product, id) = await Expired(sale);
            var sold = await sale.Grains.GetGrain<IProductGrain>(product.Value).Update(
                new UpdateProduct(SaleFixture.Merchant, new ProductFields { Stock = Change<long?>.To(0) }, null));
            Assert.Equal(ProductStatus.Done, sold.Status);
            await sale.Pay(id, "19.9");
            sale.KillSwitch.After(steps);
            await AnyEnd(sale.Look);
            await sale.KillAndStart();

            var paid = await sale.Until(() => sale.View(id), order => order.Status is OrderStatus.Paid, takesTime: true);
            await sale.Until(() => sale.IsReminded(id), reminded => !reminded, takesTime: true);

            Assert.True(paid.NeedsReview, $"after {steps} steps it needs no review");
            Assert.True(await sale.Stock(product) == 0, $"after {steps} steps {await sale.Stock(product)} are left");
            Assert.True(
                await Records(sale, "product", product.Value, id.Value) == 0, $"after {steps} steps the product still keeps the order's id");
        }
    }

    private static Task<SaleFixture> Start() => SaleFixture.Start(("Orders:TtlSeconds", "60"));

    /// <summary>An order that nobody paid in time, of a merchant that accepts late money.</summary>
    private static async Task<(ProductId Product, OrderId Id)> Expired(SaleFixture sale)
    {
        var product = await sale.Product(stock: Stock);
        var id = await sale.Open(product);
        await sale.Until(() => sale.IsReminded(id), reminded => !reminded, takesTime: true);
        Assert.Equal(OrderStatus.Expired, (await sale.View(id)).Status);
        Assert.Equal(Stock, await sale.Stock(product));

        // The terms are the merchant's, and no setting of the instance gives them.
        await sale.Database.Write(session => session.Execute(
            """
            UPDATE grain_state SET payload = REPLACE(CAST(payload AS TEXT), '"acceptLate":false', '"acceptLate":true')
            WHERE state_name = 'order' AND grain_key = $1
            """,
            id.Value));
        await sale.KillAndStart();
        return (product, id);
    }

    /// <summary>Whether a grain's record holds a text: 1 or 0.</summary>
    internal static Task<long> Records(SaleFixture sale, string state, string key, string text) => sale.Database.Read(session => session.First(
        "SELECT COUNT(*) FROM grain_state WHERE state_name = $1 AND grain_key = $2 AND CAST(payload AS TEXT) LIKE $3",
        reader => reader.GetInt64(0), state, key, $"%{text}%"));

    private static async Task AnyEnd(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is IOException or OrleansException or TimeoutException)
        {
            // The caller of a process that died learns nothing else.
        }
    }
}
