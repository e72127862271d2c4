using System.Collections.Concurrent;
using System.Net;

namespace OpenBitum.EndToEnd;

/// <summary>Many buyers at once, through HTTP and the published host; the chain is SANDBOX, so no peer is needed.</summary>
public sealed class CrowdedShop : IAsyncLifetime
{
    private const int Buyers = 64;

    private readonly string dataDirectory = Directory.CreateTempSubdirectory("openbitum-crowd-").FullName;
    private HostProcess host = null!;
    private Shop shop = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(GrainProcess.Missing is not null, GrainProcess.Missing ?? "");
        host = new HostProcess(dataDirectory, new Dictionary<string, string>());
        await host.Start();
        shop = new Shop(host.Address, await host.Verb("token", "--role", "admin"));
    }

    public async ValueTask DisposeAsync()
    {
        shop?.Dispose();
        await (host?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(dataDirectory, recursive: true);
    }

    [Fact]
    public async Task Ten_thousand_orders_of_64_buyers_on_one_key_never_share_an_address()
    {
        const int orders = 10_000;
        var product = await shop.CreateProduct("19.90", "USD");
        var addresses = new ConcurrentBag<string>();

        await Parallel.ForAsync(0, orders, new ParallelOptions { MaxDegreeOfParallelism = Buyers }, async (_, _) =>
        {
            var view = await shop.Order(await shop.Checkout(product));
            addresses.Add((string)view["paymentMethods"]![0]!["address"]!);
        });

        Assert.Equal(orders, addresses.Count);
        Assert.Equal(orders, addresses.Distinct().Count());
    }

    [Fact]
    public async Task Fifty_parallel_requests_with_one_idempotency_key_make_one_order()
    {
        var product = await shop.CreateProduct("19.90", "USD", stock: 50);
        var answers = new ConcurrentBag<string>();

        await Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (_, _) =>
            answers.Add(await shop.Checkout(product, "one-and-the-same")));

        Assert.Equal(50, answers.Count);
        Assert.Single(answers.Distinct());
        Assert.Equal(49, (int)(await shop.Product(product))["stock"]!);
    }

    [Fact]
    public async Task The_last_unit_of_stock_is_sold_once()
    {
        var product = await shop.CreateProduct("19.90", "USD", stock: 1);
        var answers = new ConcurrentBag<HttpStatusCode>();

        await Parallel.ForAsync(0, Buyers, new ParallelOptions { MaxDegreeOfParallelism = Buyers }, async (_, _) =>
            answers.Add(await shop.TryCheckout(product)));

        Assert.Single(answers, HttpStatusCode.Created);
        Assert.Equal(Buyers - 1, answers.Count(status => status == HttpStatusCode.Conflict));
        Assert.Equal(0, (int)(await shop.Product(product))["stock"]!);
    }
}
