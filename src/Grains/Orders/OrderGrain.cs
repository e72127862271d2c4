using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenBitum.Catalog;
using OpenBitum.Chains;
using OpenBitum.Checkout;
using OpenBitum.Entitlements;
using OpenBitum.Json;
using OpenBitum.Money;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Settings;
using OpenBitum.Time;

namespace OpenBitum.Orders;

/// <summary>
/// One order. It decides, commits, and then does what was decided in <see cref="Settle"/>, which its timer runs while it is awake and its
/// reminder otherwise, until nothing is left to do.
/// </summary>
public sealed partial class OrderGrain : Grain, IOrderGrain, IRemindable
{
    public const string Kind = "order";

    private readonly Outbox<OrderState> outbox;
    private readonly Offers offers;
    private readonly OrderAddresses addresses;
    private readonly FixedRates rates;
    private readonly ChainCatalog chains;
    private readonly OrdersOptions options;
    private readonly Instance instance;
    private readonly TimeProvider clock;
    private readonly ILogger<OrderGrain> logger;
    private readonly OrderId id;

    // Views are asked for far more often than they change.
    private BuyerOrderView? buyerView;
    private BuyerOrderJson? buyerJson;
    private MerchantOrderView? merchantView;

    public OrderGrain(
        [PersistentState("order", "grains")] IPersistentState<Record<OrderState>> record,
        Publisher publisher,
        Offers offers,
        OrderAddresses addresses,
        FixedRates rates,
        ChainCatalog chains,
        OrdersOptions options,
        Instance instance,
        TimeProvider clock,
        ILogger<OrderGrain> logger)
    {
        this.offers = offers;
        this.addresses = addresses;
        this.rates = rates;
        this.chains = chains;
        this.options = options;
        this.instance = instance;
        this.clock = clock;
        this.logger = logger;
        id = new OrderId(this.GetPrimaryKeyString());
        outbox = new Outbox<OrderState>(Kind, id.Value, record, publisher, RowOf, Leave, logger);
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // An order that waits has its reminder, since before it was written.
        reminded = IsAwaited(outbox.State);
        Arrange();
        return Task.CompletedTask;
    }

    public async Task<SelectMethodResult> SelectMethod(SelectMethod command)
    {
        if (outbox.State is not { Status: not OrderStatus.Draft } order)
        {
            LeaveIfUnknown();
            return new SelectMethodResult(SelectMethodStatus.NotFound, null, []);
        }

        var decision = Order.Decide(order, command, clock.Now());
        if (decision.Method is { } method)
        {
            // Its price is locked; what may have changed is whether it can be paid to, and heard of.
            var facts = chains.Find(method.Chain) is { } chain ? await offers.Facts(order.Merchant, chain, order.Total) : null;
            if (Order.Refusal(facts) is { } refusal)
            {
                return new SelectMethodResult(refusal, null, []);
            }

            // From now, not from the order's creation: the address is new, and blocks of up to a week would be read for nothing.
            var address = await addresses.Give(id, method.Chain, facts!.Key!.KeyId, clock.Now());
            await Keep(Order.Decide(order, new GiveAddress(new MethodAddress(method.Method, address))));
        }

        var view = decision.Status is SelectMethodStatus.Selected ? await BuyerView() : null;
        return new SelectMethodResult(decision.Status, view, decision.Problems);
    }

    public Task<BuyerOrderView?> BuyerView()
    {
        LeaveIfUnknown();
        return Task.FromResult(WrittenView());
    }

    public Task<BuyerOrderJson?> BuyerJson()
    {
        LeaveIfUnknown();
        var view = WrittenView();
        if (buyerJson?.Version != view?.Version)
        {
            buyerJson = view is null ? null : new BuyerOrderJson(view.Version, JsonSerializer.Serialize(view, WireJson.Options));
        }

        return Task.FromResult(buyerJson);
    }

    public Task<MerchantOrderView?> MerchantView()
    {
        if (merchantView?.Version != outbox.Version)
        {
            merchantView = outbox.State is { Status: not OrderStatus.Draft } order ? OrderViews.ForMerchant(order, outbox.Version) : null;
        }

        return Task.FromResult(merchantView);
    }

    public async Task<Heard> Hear(PaymentsObserved observed)
    {
        // A script may be claimed for a checkout that never came to an order. Nobody was shown it.
        if (outbox.State is not { } order)
        {
            return new Heard(0);
        }

        var command = new HearPayments(observed, DueNow(order), StockTaken: null);
        var decision = Order.Decide(order, command, clock.Now());
        if (decision.Effect is OrderEffect.NeedsStock)
        {
            var taken = await TakeStockAgain();
            decision = Order.Decide(outbox.State!, command with { StockTaken = taken }, clock.Now());
        }

        await Keep(decision);
        return new Heard(Order.ConfirmationsWanted(outbox.State!, observed.Chain));
    }

    public async Task Report(EntitlementOutcome outcome)
    {
        if (outbox.State is { } order)
        {
            await Keep(Order.Decide(order, outcome, clock.Now()));
        }
    }

    public async Task Publish()
    {
        await outbox.Publish();
        await FollowErasure();
        Arrange();
    }

    /// <summary>One write of what was decided; what it asks for is done afterwards.</summary>
    private async Task Keep(OrderDecision decision)
    {
        switch (decision.Effect)
        {
            case OrderEffect.Nothing:
                return;
            case OrderEffect.Unseen:
                await KeepAwake(outbox.State, decision.State);
                await outbox.Save(decision.State);
                break;
            case OrderEffect.Shown:
                var before = outbox.State;
                await Task.WhenAll(outbox.Announce(), KeepAwake(before, decision.State));
                await outbox.Commit(decision.State, decision.Events);
                TellFollowers();
                LogChange(before, decision.State);
                break;
            default:
                throw new InvalidOperationException($"{id}: nobody asked the product for stock.");
        }

        unsettled = 0;
        Arrange();
    }

    /// <summary>What each method would ask for at this moment's rates, where late money may be accepted.</summary>
    private ImmutableDictionary<string, Amount> DueNow(OrderState order)
    {
        var due = ImmutableDictionary.CreateBuilder<string, Amount>();
        foreach (var method in order.Terms.AcceptLate ? order.Methods : [])
        {
            if (rates.Find(method.Due.Asset, order.Total.Asset)?.TryConvertRoundingUp(order.Total, out var amount) is true)
            {
                due.Add(method.Method, amount);
            }
        }

        return due.ToImmutable();
    }

    private IProductGrain Product(OrderState order) => GrainFactory.GetGrain<IProductGrain>(order.Line.Product.Value);

    private static ReserveStock Units(OrderState order) => new(order.Id, order.Line.Quantity);

    private static OrderRow? RowOf(OrderState order, long version) =>
        order.Status is OrderStatus.Draft ? null : new OrderRow(OrderViews.ForMerchant(order, version));
}
