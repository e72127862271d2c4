using OpenBitum.Entitlements;
using OpenBitum.Outbox;
using Xunit;

namespace OpenBitum.Orders;

/// <summary>The process dies before each durable step in turn; what was begun is finished or undone afterwards.</summary>
public sealed class CheckoutKillTests
{
    /// <summary>More than a checkout, or a payment with its entitlements, has.</summary>
    private const int MostSteps = 26;

    [Theory]
    [InlineData(2L)]
    [InlineData(null)]
    public async Task A_checkout_that_is_asked_again_ends_as_one_order(long? stock)
    {
        await using var sale = await SaleFixture.Start();
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var product = await sale.Product(stock);
            var id = sale.NewOrder();
            await Cut(sale, steps, () => sale.Order(id).Open(SaleFixture.Wish(product, $"b{steps}@example.com")));

            var again = await sale.Order(id).Open(SaleFixture.Wish(product, $"b{steps}@example.com"));

            Assert.True(again.Status is OpenOrderStatus.Opened, $"after {steps} steps: {again.Status}");
            Assert.True(await sale.Stock(product) == stock - 1, $"after {steps} steps {await sale.Stock(product)} are left");
            await sale.Until(() => sale.Events(id.Value), events => events.Count == 1, takesTime: true);
            Assert.NotNull((await sale.View(id)).PaymentMethods[0].Address);
        }

        Assert.Equal(MostSteps, await sale.Count("SELECT COUNT(*) FROM customers"));
        Assert.Equal(MostSteps, await sale.Count("SELECT COUNT(*) FROM events WHERE type = 'customer.created'"));
    }

    [Theory]
    [InlineData(2L)]
    [InlineData(null)]
    public async Task A_checkout_that_nobody_asks_again_leaves_nothing_behind(long? stock)
    {
        await using var sale = await SaleFixture.Start(("Orders:TtlSeconds", "60"));
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var product = await sale.Product(stock);
            var id = sale.NewOrder();
            await Cut(sale, steps, () => sale.Order(id).Open(SaleFixture.Wish(product)));

            await sale.Until(() => sale.IsReminded(id), reminded => !reminded, takesTime: true);

            Assert.True(await sale.Stock(product) == stock, $"after {steps} steps {await sale.Stock(product)} came back");
            var view = await sale.Order(id).BuyerView();
            Assert.True(view is null or { Status: OrderStatus.Expired }, $"after {steps} steps it is {view?.Status}");
        }

        await sale.Until(() => sale.Count("SELECT COUNT(*) FROM unpublished"), left => left == 0, takesTime: true);
    }

    [Fact]
    public async Task A_payment_grants_once_wherever_the_process_dies()
    {
        await using var sale = await SaleFixture.Start();
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var email = $"b{steps}@example.com";
            var id = await sale.Open(await sale.Product(stock: 2, entitlements: "course-101"), email);
            await sale.Pay(id, "19.9");
            await Cut(sale, steps, sale.Look);

            var granted = await sale.Until(
                () => sale.Entitlements(email), all => all.Any(one => one.Status is EntitlementStatus.Active), takesTime: true);

            Assert.Single(granted);
            var events = await sale.Until(() => sale.Events(id.Value), told => told.Count == 4, takesTime: true);
            Assert.Equal(
                [
                    (EventType.OrderCreated, 1L), (EventType.PaymentReceived, 2L), (EventType.OrderPaid, 3L),
                    (EventType.EntitlementApplied, 4L),
                ],
                events);
            Assert.False(await sale.Until(() => sale.IsReminded(id), reminded => !reminded, takesTime: true));
        }
    }

    private static async Task Cut(SaleFixture sale, int steps, Func<Task> work)
    {
        sale.KillSwitch.After(steps);
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is IOException or OrleansException or TimeoutException)
        {
            // The caller of a process that died learns nothing else.
        }

        await sale.KillAndStart();
    }
}
