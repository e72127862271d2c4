using System.Collections.Immutable;
using OpenBitum.Catalog;
using OpenBitum.Chains;
using OpenBitum.Entitlements;
using OpenBitum.Time;

namespace OpenBitum.Orders;

public sealed partial class OrderGrain
{
    private const string Reminder = "order";

    /// <summary>The shortest that reminders have; also how long decided work waits after a crash.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private IGrainTimer? timer;

    // In memory only: it spares the product questions whose answer changes nothing.
    private bool stockAcknowledged;
    private bool reminded;
    private int unsettled;

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        reminded = true;
        return Settle();
    }

    /// <summary>Looks at what the order is and does what is due. Every step may be repeated.</summary>
    private async Task Settle()
    {
        try
        {
            if (outbox.State is { Status: OrderStatus.Draft } draft && clock.Now() >= draft.ExpiresAt)
            {
                await GiveBackDraft(draft);
                LogAbandoned(id.Value);
            }

            await Expire();
            await GiveBackStock();
            await AcknowledgeStock();
            await AskEntitlements();
            await FollowErasureOnce();
            await StopReminding();
        }
        finally
        {
            unsettled++;
            Arrange();
        }
    }

    /// <summary>Asks each chain how far it has seen; an order is only late when nothing in time can turn up any more.</summary>
    private async Task Expire()
    {
        if (outbox.State is not { Status: OrderStatus.Pending } order || clock.Now() < order.ExpiresAt)
        {
            return;
        }

        var looked = order.Methods.Where(method => method.Address is not null).Select(method => method.Chain).Distinct();
        var seen = await Task.WhenAll(looked.Select(SeenThrough));
        var seenThrough = seen.Where(chain => chain.Through is not null).ToImmutableDictionary(chain => chain.Id, chain => chain.Through!.Value);
        await Keep(Order.Decide(order, new Tick(seenThrough), clock.Now()));
    }

    private async Task<(string Id, DateTimeOffset? Through)> SeenThrough(string chain)
    {
        var follower = GrainFactory.GetGrain<IChainFollowerGrain>(chain);
        var status = follower.Status();
        var through = await follower.SeenThrough(id.Value);

        // A degraded chain may be wrong about what it has seen, so nothing expires by its word.
        return (chain, (await status).Status is ChainHealth.Ready ? through : null);
    }

    private async Task GiveBackStock()
    {
        if (outbox.State is not { Stock: StockStanding.Returning or StockStanding.Retaking } order)
        {
            return;
        }

        // Whether the request for units that late money made has arrived, only the product knows.
        await (order.Stock is StockStanding.Returning ? Product(order).Return(Units(order)) : Product(order).Withdraw(id));
        stockAcknowledged = false;
        await Keep(Order.Decide(order, new AcknowledgeReturn()));
    }

    /// <summary>Tells the product that this order has written down what it took or gave back.</summary>
    private async Task AcknowledgeStock()
    {
        if (!stockAcknowledged && outbox.State is { Status: not OrderStatus.Draft, Stock: StockStanding.Reserved or StockStanding.Returned } order)
        {
            await Product(order).Acknowledge(id);
            stockAcknowledged = true;
        }
    }

    /// <summary>
    /// Whether there were units left for an order that has given back its own. The product forgets the giving back first, or it would
    /// refuse, and is not told to forget the taking until the order is written as paid: a repeated request takes nothing more.
    /// </summary>
    private async Task<bool> TakeStockAgain()
    {
        await GiveBackStock();
        await Product(outbox.State!).Acknowledge(id);
        await Keep(Order.Decide(outbox.State!, new TakeStockAgain()));
        stockAcknowledged = false;
        return await Product(outbox.State!).Reserve(Units(outbox.State!)) is ReserveStatus.Reserved;
    }

    /// <summary>
    /// Asks again what was not reported yet. The grains report from a turn of their own: a call back from inside this one would wait
    /// for itself.
    /// </summary>
    private async Task AskEntitlements()
    {
        if (outbox.State is not { } order)
        {
            return;
        }

        await Task.WhenAll(Order.ToApply(order).Select(entitlement => Entitlement(entitlement).Apply(new ApplyEntitlement(
            entitlement.Id, id, entitlement.Number, order.Merchant, order.Line.Product, order.Asked.Email, entitlement.Entitlement,
            entitlement.Quantity))));

        foreach (var entitlement in Order.ToSuspend(order).ToList())
        {
            await Entitlement(entitlement).Suspend(order.Reversed);
            await Keep(Order.Decide(outbox.State, new AcknowledgeSuspension(entitlement.Number, order.Reversed)));
        }
    }

    /// <summary>Has the timer come when something is to be done; a finished order rests.</summary>
    private void Arrange()
    {
        var order = outbox.State;
        if (order is not null && (Order.HasWork(order) || MayBeAcknowledged(order)))
        {
            Arrange(unsettled == 0 ? TimeSpan.Zero : Retry());
        }
        else if (order?.Status is OrderStatus.Pending or OrderStatus.Draft)
        {
            var left = order.ExpiresAt - clock.Now();
            Arrange(left > TimeSpan.Zero ? left : Retry());
        }
        else if (reminded && !IsAwaited(order))
        {
            Arrange(Retry());
        }
    }

    private void Arrange(TimeSpan due)
    {
        timer ??= this.RegisterGrainTimer(Settle, due, Timeout.InfiniteTimeSpan);
        timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private bool MayBeAcknowledged(OrderState order) =>
        !stockAcknowledged && unsettled == 0 && order.Status is OrderStatus.Pending && order.Stock is StockStanding.Reserved;

    private TimeSpan Retry()
    {
        var delay = FirstRetry * (1 << Math.Min(unsettled, 6));
        return delay < Period ? delay : Period;
    }

    /// <summary>
    /// Has the reminder come soon when a change brings work that a crash must not lose. An open order has one for its end, which may be
    /// days away.
    /// </summary>
    private Task KeepAwake(OrderState? before, OrderState after) =>
        Order.HasWork(after) && (before is null || !Order.HasWork(before)) ? Remind(Period) : Task.CompletedTask;

    private Task Remind(TimeSpan due)
    {
        reminded = true;
        return this.RegisterOrUpdateReminder(Reminder, due > TimeSpan.Zero ? due : TimeSpan.Zero, Period);
    }

    private async Task StopReminding()
    {
        if (IsAwaited(outbox.State))
        {
            return;
        }

        if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }

        reminded = false;
    }

    /// <summary>Something is still to happen by itself, so the reminder stays.</summary>
    private static bool IsAwaited(OrderState? order) =>
        order is not null && (order.Status is OrderStatus.Draft || Order.IsOpen(order) || Order.HasWork(order));

    private IEntitlementGrain Entitlement(OrderEntitlement entitlement) =>
        GrainFactory.GetGrain<IEntitlementGrain>(IEntitlementGrain.KeyOf(id, entitlement.Number));
}
