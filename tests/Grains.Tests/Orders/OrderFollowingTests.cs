using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Orders;

public sealed class OrderFollowingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Whoever_waits_is_told_of_the_change_and_holds_nobody_up()
    {
        await using var sale = await SaleFixture.Start();
        var id = await sale.Open(await sale.Product());
        var view = await sale.View(id);
        var waiting = Enumerable.Range(0, 10).Select(_ => Next(sale, id, view.Version)).ToList();

        await sale.Pay(id, "19.9");
        await sale.Look();

        var told = await Task.WhenAll(waiting);
        Assert.All(told, next => Assert.Equal(OrderStatus.Paid, next!.Status));
        Assert.Equal(OrderStatus.Paid, (await Next(sale, id, view.Version))!.Status);
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_that_nothing_has_changed()
    {
        await using var sale = await SaleFixture.Start();
        var id = await sale.Open(await sale.Product());
        var version = await Resting(sale, id);
        var waiting = Next(sale, id, version);

        // What is asked of the same order behind it is answered, so by now it waits. Time moves no further than its patience: a call
        // that is on its way back must not be given up by a clock that runs ahead.
        await sale.View(id);
        sale.Clock.Advance(Patience - TimeSpan.FromTicks(1));
        Assert.Equal(version, (await sale.View(id)).Version);
        Assert.False(waiting.IsCompleted);
        sale.Clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(version, (await waiting)!.Version);
    }

    [Fact]
    public async Task Who_leaves_waits_no_more()
    {
        await using var sale = await SaleFixture.Start();
        var id = await sale.Open(await sale.Product());
        using var leaving = new CancellationTokenSource();
        var waiting = sale.Order(id).Next(await Resting(sale, id), leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task One_more_than_may_wait_is_answered_at_once()
    {
        const int most = 100;
        await using var sale = await SaleFixture.Start();
        var id = await sale.Open(await sale.Product());
        var version = await Resting(sale, id);
        var waiting = Enumerable.Range(0, most + 2).Select(_ => Next(sale, id, version)).ToList();

        // Nobody promises that calls arrive in the order in which they were made, so any two are the ones too many.
        for (var number = 0; number < 2; number++)
        {
            var one = await Task.WhenAny(waiting);
            Assert.Equal(version, (await one)!.Version);
            waiting.Remove(one);
        }

        Assert.DoesNotContain(waiting, one => one.IsCompleted);

        await sale.Pay(id, "19.9");
        await sale.Look();
        Assert.All(await Task.WhenAll(waiting), next => Assert.NotEqual(version, next!.Version));
    }

    [Fact]
    public async Task There_is_nothing_to_wait_for_at_an_order_that_does_not_exist()
    {
        await using var sale = await SaleFixture.Start();

        Assert.Null(await Next(sale, sale.NewOrder(), 0));
    }

    private static Task<BuyerOrderView?> Next(SaleFixture sale, OrderId id, long version) =>
        sale.Order(id).Next(version, TestContext.Current.CancellationToken);

    /// <summary>The version that stands while nothing is paid.</summary>
    private static async Task<long> Resting(SaleFixture sale, OrderId id) => (await sale.View(id)).Version;
}
