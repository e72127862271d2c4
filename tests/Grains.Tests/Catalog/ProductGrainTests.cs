using OpenBitum.Access;
using OpenBitum.Json;
using OpenBitum.Money;
using OpenBitum.Orders;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;
using OpenBitum.Time;

namespace OpenBitum.Catalog;

public sealed class ProductGrainTests
{
    private static readonly MerchantId Merchant = new("shop");

    private readonly ManualClock clock = new();

    [Fact]
    public async Task The_last_unit_is_sold_once_however_many_ask_at_the_same_moment()
    {
        await using var host = await FeatureHost.Start(clock);
        var product = await Create(host, stock: 5);

        var orders = Enumerable.Range(0, 64).Select(_ => OrderId.New(clock.Now())).ToArray();
        var statuses = await Task.WhenAll(orders.Select(order => product.Reserve(new ReserveStock(order, 1))));

        Assert.Equal(5, statuses.Count(status => status is ReserveStatus.Reserved));
        Assert.Equal(0, (await product.View())!.Stock);
        await host.Silo.Kill();
        await host.Silo.Start();
        product = host.Grains.GetGrain<IProductGrain>((await List(host)).Single().Id.Value);
        Assert.Equal(0, (await product.View())!.Stock);
        Assert.Equal(statuses, await Task.WhenAll(orders.Select(order => product.Reserve(new ReserveStock(order, 1)))));
        Assert.Equal(0, (await List(host)).Single().Stock);
    }

    [Fact]
    public async Task Stock_comes_back_once_and_the_list_shows_it_at_once()
    {
        await using var host = await FeatureHost.Start(clock);
        var product = await Create(host, stock: 1);
        var order = new ReserveStock(OrderId.New(clock.Now()), 1);
        await product.Reserve(order);
        Assert.Equal(0, (await List(host)).Single().Stock);
        await product.Acknowledge(order.Order);

        await Task.WhenAll(product.Return(order), product.Return(order));
        await product.Acknowledge(order.Order);

        Assert.Equal(1, (await product.View())!.Stock);
        Assert.Equal(1, (await List(host)).Single().Stock);
    }

    [Fact]
    public async Task What_was_answered_is_in_the_list_and_survives_a_kill()
    {
        await using var host = await FeatureHost.Start(clock);
        var product = await Create(host, stock: null);
        var renamed = await product.Update(new UpdateProduct(Merchant, new ProductFields { Name = Change<string>.To("Renamed") }, 1));
        var late = await product.Update(new UpdateProduct(Merchant, new ProductFields { Name = Change<string>.To("Late") }, 1));

        Assert.Equal((ProductStatus.Done, "Renamed", 2L), (renamed.Status, renamed.Product!.Name, renamed.Product.Version));
        Assert.Equal(ProductStatus.PreconditionFailed, late.Status);
        Assert.Equal("Renamed", (await List(host)).Single().Name);
        await host.Silo.Kill();
        await host.Silo.Start();
        var kept = await host.Grains.GetGrain<IProductGrain>(renamed.Product.Id.Value).View();
        Assert.Equal(("Renamed", 2L, Merchant), (kept!.Name, kept.Version, kept.Merchant));
        Assert.Equal((2L, Merchant), ((await List(host)).Single().Version, (await List(host)).Single().Merchant));
    }

    [Fact]
    public async Task Lists_show_what_may_be_seen_newest_first_page_by_page()
    {
        await using var host = await FeatureHost.Start(clock);
        var products = new List<IProductGrain>();
        for (var count = 0; count < 4; count++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            products.Add(await Create(host, stock: null));
        }

        await products[1].Delete(new DeleteProduct(Merchant, null));
        await products[2].Update(new UpdateProduct(Merchant, new ProductFields { Active = Change<bool>.To(false) }, null));

        var queries = host.Grains.GetGrain<IProductQueries>("0");
        var ids = products.Select(product => product.GetPrimaryKeyString()).ToArray();
        Assert.Equal([ids[3], ids[0]], await Ids(queries.Active(Merchant, new PageRequest(20, null))));
        Assert.Equal([ids[3], ids[2], ids[0]], await Ids(queries.OfMerchant(Merchant, false, new PageRequest(20, null))));
        Assert.Equal([ids[3], ids[2], ids[1], ids[0]], await Ids(queries.OfMerchant(Merchant, true, new PageRequest(20, null))));
        Assert.Empty(await Ids(queries.Active(new MerchantId("other"), new PageRequest(20, null))));

        var first = await queries.OfMerchant(Merchant, true, new PageRequest(3, null));
        Assert.True(Cursor.TryParse(first.NextCursor!, out var cursor));
        var second = await queries.OfMerchant(Merchant, true, new PageRequest(3, cursor));
        Assert.Equal([ids[3], ids[2], ids[1]], Ids(first));
        Assert.Equal([ids[0]], Ids(second));
        Assert.Null(second.NextCursor);
    }

    private async Task<IProductGrain> Create(FeatureHost host, long? stock)
    {
        var product = host.Grains.GetGrain<IProductGrain>(ProductId.New(clock.Now()).Value);
        var result = await product.Create(new CreateProduct(Merchant, new ProductFields
        {
            Name = Change<string>.To("Course"),
            Price = Change<Amount>.To(new Amount(Asset.Bitcoin, 50_000)),
            Stock = Change<long?>.To(stock),
        }));
        Assert.Equal(ProductStatus.Done, result.Status);
        return product;
    }

    private static async Task<IEnumerable<ProductView>> List(FeatureHost host) =>
        (await host.Grains.GetGrain<IProductQueries>("0").OfMerchant(Merchant, false, new PageRequest(20, null))).Data;

    private static async Task<string[]> Ids(Task<Page<ProductView>> page) => Ids(await page);

    private static string[] Ids(Page<ProductView> page) => [.. page.Data.Select(product => product.Id.Value)];
}
