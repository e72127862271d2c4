using System.Collections.Immutable;
using System.Numerics;
using OpenBitum.Chains;
using OpenBitum.Outbox;

namespace OpenBitum.Orders;

public static partial class Order
{
    /// <summary>A chain tells what it knows of this order's payments.</summary>
    public static OrderDecision Decide(OrderState order, HearPayments command, DateTimeOffset now)
    {
        var observed = command.Observed;
        if (order.Status is OrderStatus.Draft || observed.Look <= order.Looks.GetValueOrDefault(observed.Chain))
        {
            return OrderDecision.Unchanged(order);
        }

        var heard = order with
        {
            Looks = order.Looks.SetItem(observed.Chain, observed.Look),
            Payments = observed.Payments.Aggregate(order.Payments, (known, one) => Merge(order with { Payments = known }, one, command)),
        };
        var seenThrough = ImmutableDictionary<string, DateTimeOffset>.Empty.Add(observed.Chain, observed.SeenThrough);
        var settled = Settle(order, heard, seenThrough, now);
        if (TakesStockAgain(order, settled))
        {
            if (command.StockTaken is not { } taken)
            {
                return new OrderDecision(order, [], OrderEffect.NeedsStock);
            }

            settled = taken
                ? settled with { Stock = StockStanding.Reserved }
                : settled with { Stock = StockStanding.Returned, Review = settled.Review | ReviewReasons.OutOfStock };
        }

        return Tell(order, settled, now);
    }

    /// <summary>Time has passed: an order that every chain has been seen through expires.</summary>
    public static OrderDecision Decide(OrderState order, Tick command, DateTimeOffset now) =>
        Tell(order, Settle(order, order, command.SeenThrough, now), now);

    /// <summary>The deepest that the follower of a chain has to tell of.</summary>
    public static int ConfirmationsWanted(OrderState order, string chain) =>
        order.Methods.Where(method => method.Chain == chain).Select(method => method.ConfirmationsRequired).DefaultIfEmpty().Max();

    private static ImmutableArray<OrderPayment> Merge(OrderState order, ObservedPayment observed, HearPayments command)
    {
        var method = order.Methods.FirstOrDefault(
            method => method.Chain == command.Observed.Chain && method.Address?.Script == observed.Script);
        // A script that was claimed for this order and never shown, or an asset nobody asked for.
        if (method is null || method.Due.Asset.Code != observed.Asset)
        {
            return order.Payments;
        }

        var known = order.Payments.FirstOrDefault(payment => payment.Id == observed.Id);
        var payment = (known ?? Met(order, method, observed, command)) with
        {
            State = StateOf(observed.State),
            Confirmations = Math.Min(observed.Confirmations, method.ConfirmationsRequired),
            BlockHeight = observed.BlockHeight,
            BlockTime = observed.BlockTime,
        };

        if (known is null)
        {
            return order.Payments.Add(payment);
        }

        // Money that was gone when the order expired, and is back, is late whenever it was first seen.
        if (order.ExpiredAt is not null && !known.IsLive && payment.IsLive && !payment.Late)
        {
            payment = payment with { Late = true };
            payment = payment with { Counts = Accepts(order, method, payment, command) };
        }

        return order.Payments.Replace(known, payment);
    }

    private static OrderPayment Met(OrderState order, OrderMethod method, ObservedPayment observed, HearPayments command)
    {
        var payment = new OrderPayment
        {
            Id = observed.Id,
            Method = method.Method,
            Atoms = observed.Atoms,
            State = StateOf(observed.State),
            Confirmations = 0,
            FirstSeenAt = observed.FirstSeenAt,
            // An order that has expired stays so, whatever the block's time says.
            Late = order.ExpiredAt is not null || observed.FirstSeenAt > order.ExpiresAt,
        };
        return payment with { Counts = Accepts(order, method, payment, command) };
    }

    /// <summary>Whether a payment adds to what was paid: in time, as excess of a paid order, or late where the terms take it.</summary>
    private static bool Accepts(OrderState order, OrderMethod method, OrderPayment payment, HearPayments command) =>
        !payment.Late || order.Status is OrderStatus.Paid
        || (order.Terms.AcceptLate && IsInLateWindow(order, payment) && HasHeldItsRate(order, method, command));

    private static bool IsInLateWindow(OrderState order, OrderPayment payment) =>
        payment.FirstSeenAt <= order.ExpiresAt.AddSeconds(order.Terms.LateWindowSeconds);

    private static bool HasHeldItsRate(OrderState order, OrderMethod method, HearPayments command)
    {
        if (!command.DueNow.TryGetValue(method.Method, out var due))
        {
            return false;
        }

        const int hundredPercent = 1_000_000;
        var allowed = (BigInteger)(order.Terms.LateRateTolerancePct * (hundredPercent / 100));
        return (BigInteger)Int128.Abs(due.Atoms - method.Due.Atoms) * hundredPercent < method.Due.Atoms * allowed;
    }

    private static PaymentState StateOf(ObservedState state) => state switch
    {
        ObservedState.Seen => PaymentState.Seen,
        ObservedState.Confirmed => PaymentState.Confirmed,
        ObservedState.Replaced => PaymentState.Replaced,
        ObservedState.Orphaned => PaymentState.Orphaned,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state of a payment."),
    };

    /// <summary>Where an order stands with the payments it knows and the chains seen this far.</summary>
    private static OrderState Settle(
        OrderState before, OrderState order, ImmutableDictionary<string, DateTimeOffset> seenThrough, DateTimeOffset now)
    {
        if (order.Status is OrderStatus.Draft)
        {
            return order;
        }

        var balance = OrderBalance.Of(order);
        if (order.Status is OrderStatus.Paid)
        {
            return Stand(order, balance);
        }

        if (balance.IsConfirmed)
        {
            return Pay(order, balance, now);
        }

        var open = order.Status is OrderStatus.Expired ? order
            : balance.IsSeen ? order with { Status = OrderStatus.Processing }
            : IsSeenThrough(order, seenThrough, now) ? Expire(order, now)
            : order with { Status = OrderStatus.Pending };
        return WithLateness(before, open);
    }

    private static bool IsSeenThrough(OrderState order, ImmutableDictionary<string, DateTimeOffset> seenThrough, DateTimeOffset now) =>
        now >= order.ExpiresAt
        && order.Methods.Where(method => method.Address is not null).All(
            method => seenThrough.TryGetValue(method.Chain, out var seen) && seen >= order.ExpiresAt);

    private static OrderState Expire(OrderState order, DateTimeOffset now) => order with
    {
        Status = OrderStatus.Expired,
        ExpiredAt = now,
        Stock = order.Stock is StockStanding.Reserved ? StockStanding.Returning : order.Stock,
    };

    /// <summary>Money after its time makes a person look when it comes; also if it vanishes again before they do.</summary>
    private static OrderState WithLateness(OrderState before, OrderState order)
    {
        var late = order.Payments.Where(payment => payment.Late && payment.IsLive && IsInLateWindow(order, payment)).ToList();
        var known = before.Payments.Where(payment => payment.Late && payment.IsLive).Select(payment => payment.Id).ToHashSet();
        var needsReview = late.Exists(payment => !payment.Counts && !known.Contains(payment.Id));
        return order with
        {
            PaidLate = late.Count > 0,
            Review = needsReview ? order.Review | ReviewReasons.Late : order.Review,
        };
    }

    private static OrderState Pay(OrderState order, OrderBalance balance, DateTimeOffset now)
    {
        var completed = balance.CompletedAt ?? now;
        return order with
        {
            Status = OrderStatus.Paid,
            PaidAt = completed < order.CreatedAt ? order.CreatedAt : completed,
            PaidLate = !balance.IsConfirmedInTime,
            Review = order.Review & ~ReviewReasons.Late,
            // What came late and was not needed is excess now.
            Payments = [.. order.Payments.Select(payment => payment with { Counts = true })],
            Entitlements = [.. order.Line.Entitlements.Select((entitlement, index) => Grant(order, entitlement, index + 1, now))],
        };
    }

    /// <summary>A paid order stays paid. It is reversed while its money is gone, and not while that only waits for a block again.</summary>
    private static OrderState Stand(OrderState order, OrderBalance balance)
    {
        if (!order.Reversed && !balance.IsSeen)
        {
            return WithSuspension(order with { Reversed = true, Review = order.Review | ReviewReasons.Reversed });
        }

        return order.Reversed && balance.IsConfirmed
            ? WithSuspension(order with { Reversed = false, Review = order.Review & ~ReviewReasons.Reversed })
            : order;
    }

    private static bool TakesStockAgain(OrderState before, OrderState after) =>
        before.Status is not OrderStatus.Paid && after.Status is OrderStatus.Paid
        && before.Stock is StockStanding.Returning or StockStanding.Returned or StockStanding.Retaking;

    private static OrderDecision Tell(OrderState before, OrderState after, DateTimeOffset now)
    {
        var told = after with { Payments = [.. after.Payments.Select(payment => payment.IsLive ? payment with { Told = true } : payment)] };
        var news = after.Payments.Where(payment => payment.IsLive && !payment.Told)
            .Select(payment => new OrderNews(EventType.PaymentReceived, Payment: payment))
            .Concat(StatusNews(before, after))
            .ToList();
        if (news.Count > 0 || IsVisible(before, told))
        {
            return OrderEvents.Tell(told, news, now);
        }

        return told.Looks == before.Looks ? OrderDecision.Unchanged(before) : new OrderDecision(told, [], OrderEffect.Unseen);
    }

    private static IEnumerable<OrderNews> StatusNews(OrderState before, OrderState after)
    {
        if (before.Status != after.Status && StatusEvent(after.Status) is { } type)
        {
            yield return type;
        }

        if (after.Status is OrderStatus.Pending && OrderBalance.Of(after).IsPartial && !OrderBalance.Of(before).IsPartial)
        {
            yield return EventType.OrderPartiallyPaid;
        }

        if (after.Reversed && !before.Reversed)
        {
            yield return EventType.OrderReversed;
        }
    }

    private static string? StatusEvent(OrderStatus status) => status switch
    {
        OrderStatus.Processing => EventType.OrderProcessing,
        OrderStatus.Paid => EventType.OrderPaid,
        OrderStatus.Expired => EventType.OrderExpired,
        _ => null,
    };

    private static bool IsVisible(OrderState before, OrderState after) =>
        before.Status != after.Status || before.PaidLate != after.PaidLate || before.Reversed != after.Reversed || before.Review != after.Review
        || !before.Payments.AsSpan().SequenceEqual(after.Payments.AsSpan());
}
