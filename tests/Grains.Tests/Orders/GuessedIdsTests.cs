using System.Collections.Concurrent;
using System.Collections.Immutable;
using OpenBitum.Catalog;
using OpenBitum.Shop;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Orders;

/// <summary>Whoever guesses ids, or sends checkouts that are refused, could fill the memory with what stands for nothing.</summary>
public sealed class GuessedIdsTests : IAsyncLifetime
{
    private const string Order = "ord_01JD0000000000000000000000";
    private const string Product = "prd_01JD0000000000000000000000";

    private readonly ConcurrentQueue<object> asked = [];
    private FeatureHost host = null!;

    public async ValueTask InitializeAsync() => host = await FeatureHost.Start(
        new ManualClock(TimeProvider.System.GetUtcNow()), silo => silo.AddIncomingGrainCallFilter(context =>
        {
            asked.Enqueue(context.Grain);
            return context.Invoke();
        }));

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public Task An_order_that_nobody_opened_leaves_nothing_in_memory() => IsForgotten<IOrderGrain>(
        host.Grains.GetGrain<IOrderGrain>(Order),
        order => order.BuyerView(), order => order.BuyerJson(), order => order.SelectMethod(new SelectMethod("BTC")));

    [Fact]
    public Task A_checkout_that_is_refused_leaves_nothing_in_memory() => IsForgotten<IOrderGrain>(
        host.Grains.GetGrain<IOrderGrain>(Order),
        order => order.Open(new OpenOrder(
            new ProductId(Product), "buyer@example.com", 1, null, null, ImmutableSortedDictionary<string, string>.Empty)));

    [Fact]
    public Task A_product_that_nobody_made_leaves_nothing_in_memory() => IsForgotten<IProductGrain>(
        host.Grains.GetGrain<IProductGrain>(Product), product => product.View(), product => product.Offer());

    [Fact]
    public Task A_slug_that_nobody_has_leaves_nothing_in_memory() => IsForgotten<ISlugGrain>(
        host.Grains.GetGrain<ISlugGrain>("slug/nobody"), slug => slug.Owner());

    private async Task IsForgotten<T>(T grain, params Func<T, Task>[] calls)
    {
        foreach (var call in calls)
        {
            await call(grain);
            await call(grain);
        }

        var grains = asked.OfType<T>().ToArray();
        Assert.Equal(2 * calls.Length, grains.Distinct().Count());
    }
}
