using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Chains;
using OpenBitum.Checkout;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Json;
using OpenBitum.Money;
using OpenBitum.Outbox;
using OpenBitum.Wallets;
using Xunit;

namespace OpenBitum.Orders;

/// <summary>
/// One order and what happens to it, told in minutes after its creation: it lasts 15, and late money is looked at for 24 hours.
/// 1,000 satoshi or 4,000 litoshi are due; BTC counts at one confirmation, LTC at two.
/// </summary>
public sealed class OrderStory
{
    public const int BitcoinDue = 1_000;
    public const int LitecoinDue = 4_000;
    public const string Btc = "BTC";
    public const string Ltc = "LTC";

    public static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-01-01T12:00:00Z", CultureInfo.InvariantCulture);
    public static readonly OrderId Id = new("ord_01JD0000000000000000000001");

    private readonly List<OutgoingEvent> events = [];
    private ImmutableSortedDictionary<string, ObservedPayment> chain = ImmutableSortedDictionary<string, ObservedPayment>.Empty;
    private long look = 1;

    public OrderStory(decimal tolerancePct = 0, bool hasStock = false, bool acceptLate = false, string[]? addresses = null)
    {
        var draft = Order.Decide(Draft(tolerancePct, hasStock), Start).Draft!;
        draft = draft with { Terms = draft.Terms with { AcceptLate = acceptLate } };
        State = draft;
        Take(Order.Decide(draft, new PendOrder(new CustomerId("cus_01JD0000000000000000000001"), null), Start));
        foreach (var method in addresses ?? [Btc])
        {
            var address = new OrderAddress($"{method}/key", 7, $"{method.ToLowerInvariant()}1address", ScriptOf(method));
            Take(Order.Decide(State, new GiveAddress(new MethodAddress(method, address))));
        }
    }

    public OrderState State { get; private set; }

    public OrderEffect LastEffect { get; private set; }

    public BuyerOrderView View => OrderViews.ForBuyer(State, 1);

    public IEnumerable<string> Told => events.Select(told => told.Type);

    public IReadOnlyList<OutgoingEvent> Events => events;

    /// <summary>Whether the product has units left for an order that gave back its own.</summary>
    public bool HasUnitsLeft { get; init; } = true;

    /// <summary>What is asked for late money now; the locked amount by default.</summary>
    public int BitcoinDueNow { get; init; } = BitcoinDue;

    public static DateTimeOffset Minute(int minute) => Start.AddMinutes(minute);

    public static string ScriptOf(string method) => $"0014{method.ToLowerInvariant()}";

    public static DraftOrder Draft(decimal tolerancePct = 0, bool hasStock = false)
    {
        var usd = Asset.Currency("USD")!;
        var product = new ProductOffer(
            new ProductId("prd_01JD0000000000000000000001"), new MerchantId("shop-1"), "Course", new Amount(usd, 100), hasStock, null,
            [new ProductEntitlement("record", "course-101", null), new ProductEntitlement("record", "forum", null)]);
        var asked = new OpenOrder(
            product.Id, "Buyer@Example.com", 2, null, "https://shop.example/thanks",
            ImmutableSortedDictionary<string, string>.Empty.Add("cart", "42"));
        var key = new CurrentKey("key", "p2wpkh");
        return new DraftOrder(
            Id, asked, product,
            new Offer(
                [
                    new OfferedMethod(Btc, ChainOf(Btc, Asset.Bitcoin, 1), key, Rate.Identity(Asset.Bitcoin), new Amount(Asset.Bitcoin, BitcoinDue)),
                    new OfferedMethod(Ltc, ChainOf(Ltc, Asset.Litecoin, 2), key, Rate.Identity(Asset.Litecoin), new Amount(Asset.Litecoin, LitecoinDue)),
                ],
                [new RefusedMethod("SANDBOX", MethodRefusal.ChainUnavailable)]),
            new OrdersOptions { UnderpaymentTolerancePct = tolerancePct }, null, 0, $"https://pay.example/checkout/{Id.Value}", AllowsHttp: false);
    }

    public static Chain ChainOf(string id, Asset asset, int confirmations) =>
        new(id, "mainnet", asset, confirmations, 3_000) { Follow = new FollowOptions(1_000, 30, null) };

    /// <summary>The follower sees a payment in the mempool, or in a block when it has confirmations.</summary>
    public OrderStory Pays(string name, int atoms, int atMinute, int confirmations = 0, string method = Btc, int? firstSeenMinute = null) =>
        Observe(Payment(name, atoms, firstSeenMinute ?? atMinute, atMinute, confirmations, method), atMinute);

    /// <summary>What was seen before is as deep as this now.</summary>
    public OrderStory Confirms(string name, int atMinute, int confirmations = 1) => Observe(
        chain[name] with
        {
            State = ObservedState.Confirmed, Confirmations = confirmations, BlockHeight = 100, BlockTime = Minute(atMinute),
        },
        atMinute);

    public OrderStory Loses(string name, int atMinute, ObservedState state = ObservedState.Replaced) => Observe(
        chain[name] with { State = state, Confirmations = 0, BlockHeight = null, BlockTime = null }, atMinute);

    public OrderStory Returns(string name, int atMinute) => Observe(
        chain[name] with { State = ObservedState.Seen, Confirmations = 0, BlockHeight = null, BlockTime = null }, atMinute);

    /// <summary>The order looks at its time, with its chains seen through this minute.</summary>
    public OrderStory Ticks(int atMinute, params string[] seenChains)
    {
        var seen = (seenChains.Length == 0 ? [Btc, Ltc] : seenChains).ToImmutableDictionary(id => id, _ => Minute(atMinute));
        Take(Order.Decide(State, new Tick(seen), Minute(atMinute)));
        AssertRepeats(order => Order.Decide(order, new Tick(seen), Minute(atMinute)));
        return this;
    }

    public OrderStory Reports(int number, EntitlementStatus status, int atMinute, string? error = null)
    {
        var outcome = new EntitlementOutcome(number, status, Minute(atMinute), error);
        Take(Order.Decide(State, outcome, Minute(atMinute)));
        AssertRepeats(order => Order.Decide(order, outcome, Minute(atMinute)));
        return this;
    }

    public OrderStory Hears(PaymentsObserved observed, int atMinute)
    {
        Take(Hear(State, observed, atMinute));
        return this;
    }

    public OrderDecision Hear(OrderState order, PaymentsObserved observed, int atMinute)
    {
        var due = ImmutableDictionary<string, Amount>.Empty.Add(Btc, new Amount(Asset.Bitcoin, BitcoinDueNow));
        var command = new HearPayments(observed, due, null);
        var decision = Order.Decide(order, command, Minute(atMinute));
        if (decision.Effect is not OrderEffect.NeedsStock)
        {
            return decision;
        }

        // Its own units go back first, and that they are asked for again is written before the product is asked.
        var returned = Order.Decide(order, new AcknowledgeReturn()).State;
        var retaking = Order.Decide(returned, new TakeStockAgain()).State;
        return Order.Decide(retaking, command with { StockTaken = HasUnitsLeft }, Minute(atMinute));
    }

    public static ObservedPayment Payment(string name, int atoms, int firstSeenMinute, int atMinute, int confirmations, string method) => new(
        $"{name}:0", ScriptOf(method), method, atoms, Minute(firstSeenMinute),
        confirmations == 0 ? ObservedState.Seen : ObservedState.Confirmed, confirmations,
        confirmations == 0 ? null : 100, confirmations == 0 ? null : Minute(atMinute));

    private OrderStory Observe(ObservedPayment payment, int atMinute)
    {
        var method = payment.Asset;
        chain = chain.SetItem(payment.Id[..^2], payment);
        var observed = new PaymentsObserved(
            method, ++look, Minute(atMinute), [.. chain.Values.Where(known => known.Asset == method)]);
        Hears(observed, atMinute);
        AssertRepeats(order => Hear(order, observed, atMinute));
        AssertRepeats(order => Hear(order, observed with { Look = look - 1, Payments = [] }, atMinute));
        return this;
    }

    private void Take(OrderDecision decision)
    {
        Assert.NotEqual(OrderEffect.NeedsStock, decision.Effect);
        LastEffect = decision.Effect;
        events.AddRange(decision.Events);

        // Everything goes through the stored form, as it does between any two commands of a real one.
        State = JsonSerializer.Deserialize<OrderState>(JsonSerializer.Serialize(decision.State, WireJson.Options), WireJson.Options)!;
    }

    private void AssertRepeats(Func<OrderState, OrderDecision> decide)
    {
        var again = decide(State);

        Assert.True(again.Effect is OrderEffect.Nothing, $"{State.Status}: the second time had the effect {again.Effect}.");
        Assert.Empty(again.Events);
        Assert.Same(State, again.State);
    }
}
