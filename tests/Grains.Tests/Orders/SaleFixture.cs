using System.Collections.Immutable;
using System.Diagnostics;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Chains;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Money;
using OpenBitum.Outbox;
using OpenBitum.Json;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;
using OpenBitum.Time;
using Xunit;

namespace OpenBitum.Orders;

/// <summary>A shop that sells on the sandbox chain, over a real store and on a clock that a test moves.</summary>
public sealed class SaleFixture : IAsyncDisposable
{
    public static readonly MerchantId Merchant = new("shop-1");

    private const int WritesBetweenSteps = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private readonly FeatureHost host;

    private SaleFixture(FeatureHost host, ManualClock clock, KillSwitch kill)
    {
        this.host = host;
        Clock = clock;
        KillSwitch = kill;
    }

    public ManualClock Clock { get; }

    public KillSwitch KillSwitch { get; }

    public IGrainFactory Grains => host.Grains;

    public IDatabase Database => host.Database;

    public IServiceProvider Services => host.Silo.Services;

    private IChainFollowerGrain Follower => Grains.GetGrain<IChainFollowerGrain>(ChainCatalog.Sandbox);

    public static Task<SaleFixture> Start(params (string Key, string Value)[] settings) => Start(_ => { }, settings);

    /// <param name="engine">The silo's own settings, such as call filters.</param>
    /// <param name="settings">Configuration keys and values.</param>
    public static async Task<SaleFixture> Start(Action<ISiloBuilder> engine, params (string Key, string Value)[] settings)
    {
        var clock = new ManualClock();
        var kill = new KillSwitch();
        var host = await FeatureHost.Start(
            clock,
            silo =>
            {
                kill.Guard(silo);
                engine(silo);
            },
            settings);
        var fixture = new SaleFixture(host, clock, kill);
        await fixture.Wake();
        return fixture;
    }

    /// <summary>As kill -9, and a new start over the same folder.</summary>
    public async Task KillAndStart()
    {
        await host.Silo.Kill();
        KillSwitch.Disarm();
        await host.Silo.Start();
        await Wake();
    }

    public IOrderGrain Order(OrderId id) => Grains.GetGrain<IOrderGrain>(id.Value);

    public async Task<ProductId> Product(long? stock = null, string? price = null, params string[] entitlements)
    {
        Assert.True(Amount.TryParse(price ?? "19.90", Asset.Currency("USD")!, out var amount));
        var id = ProductId.New(Clock.Now());
        var created = await Grains.GetGrain<IProductGrain>(id.Value).Create(new CreateProduct(Merchant, new ProductFields
        {
            Name = Change<string>.To("Course"),
            Price = Change<Amount>.To(amount),
            Stock = Change<long?>.To(stock),
            Entitlements = Change<ImmutableArray<ProductEntitlement>>.To(
                [.. entitlements.Select(key => new ProductEntitlement("record", key, null))]),
        }));
        Assert.Equal(ProductStatus.Done, created.Status);
        return id;
    }

    public async Task<long?> Stock(ProductId product) => (await Grains.GetGrain<IProductGrain>(product.Value).View())!.Stock;

    public static OpenOrder Wish(ProductId product, string email = "Buyer@example.com", int quantity = 1) =>
        new(product, email, quantity, null, null, ImmutableSortedDictionary<string, string>.Empty);

    public OrderId NewOrder() => OrderId.New(Clock.Now());

    public async Task<OrderId> Open(ProductId product, string email = "Buyer@example.com")
    {
        var id = NewOrder();
        Assert.Equal(OpenOrderStatus.Opened, (await Order(id).Open(Wish(product, email))).Status);
        return id;
    }

    public async Task<BuyerOrderView> View(OrderId id) => (await Order(id).BuyerView())!;

    /// <summary>Pays on the chain; the follower has yet to look.</summary>
    public async Task Pay(OrderId id, string amount, int confirmations = 1)
    {
        Assert.True(Amount.TryParse(amount, Asset.Sandbox, out var paid));
        var script = await Database.Read(session => session.First(
            "SELECT script FROM scripts WHERE listener = $1 AND chain = 'SANDBOX'", reader => reader.GetString(0), id.Value));
        await Grains.GetGrain<ISandboxChainGrain>(ISandboxChainGrain.Key).Pay(new SandboxPay(script!, paid.Atoms, confirmations));
    }

    public Task Look() => Follower.Look();

    /// <summary>The chain is looked at until something is so, and time passes in small steps if it takes time.</summary>
    public async Task<T> Until<T>(Func<Task<T>> read, Func<T, bool> expected, bool takesTime = false)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (expected(value))
            {
                return value;
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"At {Clock.Now():O} still {value}");
            // What is due at once waits for the clock too.
            Clock.Advance(takesTime ? Step : TimeSpan.Zero);

            await Settle();
        }
    }

    /// <summary>Ends when nothing is under way any more, so that what comes next is the test's alone.</summary>
    public Task Rest() => host.Silo.Rest();

    public async Task<bool> IsReminded(OrderId id) => await host.Silo.CountReminders(Order(id)) > 0;

    public async Task<bool> IsReminded(ICustomerGrain customer) => await host.Silo.CountReminders(customer) > 0;

    public async Task<List<(string Type, long Sequence)>> Events(string subject) => await Database.Read(session => session.Query(
        "SELECT type, sequence FROM events WHERE subject = $1 ORDER BY sequence", reader => (reader.GetString(0), reader.GetInt64(1)), subject));

    public async Task<ImmutableArray<EntitlementView>> Entitlements(string email) =>
        (await Grains.GetGrain<IEntitlementQueries>("0").OfCustomer(email, new PageRequest(100, null))).Data;

    public Task<long> Count(string sql) => Database.Read(session => session.First(sql, reader => reader.GetInt64(0)));

    public ValueTask DisposeAsync() => host.DisposeAsync();

    /// <summary>
    /// The moved clock outruns the disk, and calls time out by it. What goes through the writer after others is written after them, so
    /// a few writes in a row leave time for a few steps of everybody.
    /// </summary>
    private async Task Settle()
    {
        await Look();
        for (var write = 0; write < WritesBetweenSteps; write++)
        {
            await Database.Write(session => session.Execute("UPDATE unpublished SET marked_at = marked_at WHERE kind = $1", ""));
        }
    }

    private async Task Wake()
    {
        await Grains.GetGrain<ISweeperGrain>(ISweeperGrain.Key).Start();
        await Look();
    }
}
