using OpenBitum.Catalog;
using OpenBitum.Json;
using Xunit;

namespace OpenBitum.Orders;

public sealed class DraftStockTests
{
    /// <summary>More than a checkout has until it is written as an order.</summary>
    private const int MostSteps = 16;

    [Fact]
    public async Task A_product_that_counts_no_stock_any_more_forgets_a_checkout_that_died_and_is_asked_again()
    {
        await using var sale = await SaleFixture.Start();
        var kept = 0L;
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var product = await sale.Product(stock: 2);
            var id = sale.NewOrder();
            sale.KillSwitch.After(steps);
            try
            {
                await sale.Order(id).Open(SaleFixture.Wish(product));
            }
            catch (Exception failure) when (failure is IOException or OrleansException or TimeoutException)
            {
                // The caller of a process that died learns nothing else.
            }

            await sale.KillAndStart();
            var isOpen = await sale.Order(id).BuyerView() is not null;
            kept += isOpen ? 0 : await Kept();
            await sale.Grains.GetGrain<IProductGrain>(product.Value).Update(
                new UpdateProduct(SaleFixture.Merchant, new ProductFields { Stock = Change<long?>.To(null) }, null));

            Assert.Equal(OpenOrderStatus.Opened, (await sale.Order(id).Open(SaleFixture.Wish(product))).Status);

            await sale.Until(Kept, left => left == 0);

            Task<long> Kept() => LateStockTests.Records(sale, "product", product.Value, id.Value);
        }

        Assert.True(kept > 0, "No checkout died with units of the product in its hands.");
    }
}
