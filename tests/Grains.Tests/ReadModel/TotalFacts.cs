using System.Collections.Immutable;
using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Analytics;
using OpenBitum.Catalog;
using OpenBitum.Checkout;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Json;
using OpenBitum.Money;
using OpenBitum.Orders;
using Xunit;

namespace OpenBitum.ReadModel;

/// <summary>Totals are kept by difference and equal a recount of the orders, whatever happens to them and however often it is published.</summary>
public abstract class TotalFacts<TDatabase> : ReadModelFacts<TDatabase>
    where TDatabase : ITestedDatabase, new()
{
    private const int Orders = 15;
    private const int MostSteps = 9;
    private const int Customers = 4;

    private static readonly MerchantId[] Merchants = [new("shop-1"), new("shop-2")];
    private static readonly FixedRates NoRates = new(new RatesOptions());

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 16)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Totals_equal_a_recount_after_each_publication_though_it_comes_late_and_twice(int seed)
    {
        var chance = new Chance(seed);
        await MeetCustomers();
        var versions = Enumerable.Range(0, Orders).SelectMany(number => History(chance, number)).ToList();
        foreach (var version in chance.Shuffle([.. versions, .. versions]))
        {
            await Publish(version);
            await AssertRecount(chance, $"seed {seed}, after version {version.Version} of {version.OrderId}");
        }

        Assert.Equal(Orders, (await Stored()).Count);
    }

    [Fact]
    public async Task Totals_equal_a_recount_after_publications_in_parallel()
    {
        var chance = new Chance(4711);
        await MeetCustomers();
        var versions = Enumerable.Range(0, 20 * Orders).SelectMany(number => History(chance, number)).ToList();
        await Task.WhenAll(chance.Shuffle([.. versions, .. versions]).Select(Publish));

        Assert.Equal(20 * Orders, (await Stored()).Count);
        for (var period = 0; period < 50; period++)
        {
            await AssertRecount(chance, $"in period {period}");
        }
    }

    [Fact]
    public async Task A_row_from_before_totals_were_kept_counts_with_its_next_version()
    {
        var order = Placed(OrderViews.ForMerchant(new OrderStory().State, 1), 0, TimeSpan.Zero);
        await Publish(order);
        await Write(async session =>
        {
            await session.Execute("UPDATE orders SET expires_at = NULL, counted = NULL");
            await session.Execute("DELETE FROM totals");
        });

        await Publish(order with { Version = 2, Status = OrderStatus.Expired });

        var days = new AnalyticsPeriod(OrderStory.Start.AddDays(-1), OrderStory.Start.AddDays(2), AnalyticsInterval.Day);
        var moment = new AnalyticsPeriod(order.ExpiresAt, order.ExpiresAt.AddMilliseconds(1), AnalyticsInterval.Day);
        Assert.Equal((1L, 1L), ((await Report(Merchants[0], days)).Orders.Created, (await Report(Merchants[0], days)).Orders.Expired));
        Assert.Equal((0L, 1L), ((await Report(Merchants[0], moment)).Orders.Created, (await Report(Merchants[0], moment)).Orders.Expired));
    }

    [Fact]
    public async Task Sums_far_beyond_64_bits_are_exact_and_one_that_comes_back_to_nothing_is_gone()
    {
        var most = new Amount(Asset.Currency("USD")!, Amount.MaximumAtoms);
        var week = new AnalyticsPeriod(OrderStory.Start.AddDays(-1), OrderStory.Start.AddDays(9), AnalyticsInterval.Week);
        var orders = Enumerable.Range(0, 10).Select(number => Paid(new OrderStory(), number * Merchants.Length) with { Total = most }).ToList();
        foreach (var order in orders)
        {
            await Publish(order);
        }

        Assert.Equal(10 * Amount.MaximumAtoms, Assert.Single((await Report(Merchants[0], week)).Sales).Atoms);

        foreach (var order in orders)
        {
            await Publish(order with { Version = 9, Reversed = true });
        }

        Assert.Empty((await Report(Merchants[0], week)).Sales);
        Assert.Equal(0, await Count("SELECT COUNT(*) FROM totals WHERE measure LIKE 'sold%'"));
    }

    /// <summary>A history that the rules of orders allow, version by version.</summary>
    private static List<MerchantOrderView> History(Chance chance, int number)
    {
        var story = new OrderStory(acceptLate: chance.Next(2) == 0, addresses: [OrderStory.Btc, OrderStory.Ltc]);
        var versions = new List<MerchantOrderView>();
        var names = new List<string>();
        var minute = 0;
        var shift = TimeSpan.FromMinutes(chance.Next(6 * 24 * 60));
        Add();
        for (var step = chance.Next(MostSteps); step > 0; step--)
        {
            minute += 1 + chance.Next(6);
            Step();
            Add();
        }

        return versions;

        void Step()
        {
            var known = names.Count == 0 ? null : names[chance.Next(names.Count)];
            switch (chance.Next(8))
            {
                case 0 or 1 or 2:
                    names.Add($"{number}-{names.Count}");
                    story.Pays(names[^1], 1 + chance.Next(1_500), minute, chance.Next(3), chance.Next(3) == 0 ? OrderStory.Ltc : OrderStory.Btc);
                    break;
                case 3 or 4 when known is not null:
                    story.Confirms(known, minute, 1 + chance.Next(2));
                    break;
                case 5 when known is not null:
                    story.Loses(known, minute);
                    break;
                case 6 when known is not null:
                    story.Returns(known, minute);
                    break;
                case 7 when story.State.Entitlements.Length > 0:
                    story.Reports(1, EntitlementStatus.Active, minute);
                    break;
                default:
                    story.Ticks(minute);
                    break;
            }
        }

        void Add()
        {
            var view = Placed(OrderViews.ForMerchant(story.State, versions.Count + 1), number, shift);
            // Refunds are not made yet; what is counted of a refunded order is what its status says.
            versions.Add(view.Status is OrderStatus.Paid && chance.Next(8) == 0 ? view with { Status = OrderStatus.Refunded } : view);
        }
    }

    private static MerchantOrderView Paid(OrderStory story, int number) =>
        Placed(OrderViews.ForMerchant(story.Pays("a", OrderStory.BitcoinDue, 1, 1).State, 1), number, TimeSpan.Zero);

    /// <summary>The order of a number: another id, day, customer, product and price.</summary>
    private static MerchantOrderView Placed(MerchantOrderView view, int number, TimeSpan shift) => view with
    {
        OrderId = new OrderId($"ord_01JD00000000000000{number:D8}"),
        Merchant = Merchants[number % Merchants.Length],
        CustomerId = CustomerOf(number),
        ProductId = new ProductId($"prd_01JD00000000000000{number % 3:D8}"),
        Total = number % 5 == 0 ? new Amount(Asset.Bitcoin, 100 + number) : new Amount(Asset.Currency(number % 5 == 1 ? "EUR" : "USD")!, 1_990 + number),
        Xp = number * 10,
        CreatedAt = view.CreatedAt + shift,
        ExpiresAt = view.ExpiresAt + shift,
        PaidAt = view.PaidAt + shift,
        Entitlements = [.. view.Entitlements.Select((entitlement, index) => entitlement with
        {
            Id = new EntitlementId($"ent_01JD000000000000{number:D8}{index:D2}"),
        })],
    };

    private Task Publish(MerchantOrderView version) => Write(session => new OrderRow(version).Upsert(session));

    private Task MeetCustomers() => Write(async session =>
    {
        for (var number = 0; number < Customers; number++)
        {
            var state = new CustomerState
            {
                Id = CustomerOf(number), Merchant = Merchants[number % 2], Email = $"b{number}@example.com", CreatedAt = OrderStory.Start,
            };
            await new CustomerRow(state, "key", 1).Upsert(session);
        }
    });

    private static CustomerId CustomerOf(int number) => new($"cus_01JD00000000000000{number % Customers:D8}");

    private Task<List<MerchantOrderView>> Stored() => Read(session => session.Query(
        "SELECT view, merchant FROM orders",
        reader => JsonSerializer.Deserialize<MerchantOrderView>(reader.GetString(0), WireJson.Options)! with
        {
            Merchant = new MerchantId(reader.GetString(1)),
        }));

    private async Task<AnalyticsView> Report(MerchantId merchant, AnalyticsPeriod period) => AnalyticsReport.Of(
        period, await Read(session => AnalyticsRows.Of(session, merchant, period.From, period.To)),
        ImmutableDictionary<string, string>.Empty, null, NoRates);

    /// <summary>A period that may begin and end anywhere, at a payment's own moment too.</summary>
    private static AnalyticsPeriod Period(Chance chance, List<MerchantOrderView> orders)
    {
        var moments = orders.Select(order => order.PaidAt).OfType<DateTimeOffset>()
            .Append(AnalyticsPeriod.StartOfDay(OrderStory.Start).AddDays(chance.Next(8)))
            .Append(OrderStory.Start.AddMinutes(chance.Next(7 * 24 * 60)))
            .Append(AnalyticsPeriod.StartOfDay(OrderStory.Start).AddDays(chance.Next(3)))
            .ToList();
        var (one, other) = (moments[chance.Next(moments.Count)], moments[chance.Next(moments.Count)]);
        var (from, to) = one < other ? (one, other) : (other, one);
        return new AnalyticsPeriod(from, from == to ? to.AddDays(3) : to, (AnalyticsInterval)chance.Next(3));
    }

    private async Task AssertRecount(Chance chance, string where)
    {
        var orders = await Stored();
        var merchant = Merchants[chance.Next(Merchants.Length)];
        var period = Period(chance, orders);
        var told = Comparable(await Report(merchant, period));
        var counted = Comparable(Recount.Of([.. orders.Where(order => order.Merchant == merchant)], period));
        Assert.True(told == counted, $"{where}: {merchant} from {period.From:O} to {period.To:O} is\n{told}\nand recounted\n{counted}");

        var page = await Read(session => CustomerRows.OfMerchant(session, merchant, new PageRequest(100, null)));
        foreach (var customer in page.Data)
        {
            var own = orders.Where(order => order.CustomerId == customer.Id).ToList();
            var (shown, expected) = (Comparable(customer), Comparable(Recount.Of(customer, own)));
            Assert.True(shown == expected, $"{where}: {shown}, recounted {expected}");
        }
    }

    private static string Comparable<T>(T view) => JsonSerializer.Serialize(view, WireJson.Options);
}
