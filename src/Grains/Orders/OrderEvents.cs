using System.Text.Json;
using System.Text.Json.Serialization;
using OpenBitum.Entitlements;
using OpenBitum.Ids;
using OpenBitum.Json;
using OpenBitum.Outbox;

namespace OpenBitum.Orders;

/// <summary>One thing to tell of an order, with what the body shows beside the order.</summary>
public readonly record struct OrderNews(string Type, OrderPayment? Payment = null, OrderEntitlement? Entitlement = null)
{
    public static implicit operator OrderNews(string type) => new(type);
}

/// <summary>Numbers the events of an order and freezes their bytes.</summary>
public static class OrderEvents
{
    /// <summary>
    /// Anybody may send thousands of tiny payments to an address that was shown; a body stays under its 256 KiB with the newest of them.
    /// </summary>
    private const int MostPaymentsShown = 100;

    /// <summary>The order after a change that is seen outside, with its events. What happens in one write is told with one view.</summary>
    public static OrderDecision Tell(OrderState changed, IReadOnlyList<OrderNews> news, DateTimeOffset now)
    {
        if (news.Count == 0)
        {
            return new OrderDecision(changed, [], OrderEffect.Shown);
        }

        var order = changed with { Sequence = changed.Sequence + news.Count };
        var view = View(order);
        var events = news.Select((item, index) => Freeze(order, view, item, changed.Sequence + 1 + index, now));
        return new OrderDecision(order, [.. events], OrderEffect.Shown);
    }

    private static MerchantOrderView View(OrderState order)
    {
        var view = OrderViews.ForMerchant(order, version: 0);
        var surplus = view.Payments.Length - MostPaymentsShown;
        return surplus > 0 ? view with { Payments = view.Payments[surplus..] } : view;
    }

    private static OutgoingEvent Freeze(OrderState order, MerchantOrderView view, OrderNews news, long sequence, DateTimeOffset now)
    {
        // The number is the order's own, so a decision that is made again makes the same id for the same number and moment.
        var id = new EventId(EventId.Prefix + Ulid.Derive($"{order.Id.Value}/{sequence}", now));
        var text = news.Entitlement is { } entitlement
            ? Write(new EntitlementEventData(order.Id, sequence, OrderViews.Of(order, entitlement), entitlement.Error))
            : Write(view with { Sequence = sequence, Payment = news.Payment is { } payment ? OrderViews.Of(order, payment) : null });
        return new OutgoingEvent(id, order.Merchant, news.Type, order.Id.Value, sequence, now, order.IsTest, text);

        string Write<TData>(TData data) =>
            JsonSerializer.Serialize(new OrderEventBody<TData>(id, news.Type, now, order.IsTest, data), WireJson.Options);
    }

    /// <summary>What is sent, in the order of the contract.</summary>
    private sealed record OrderEventBody<TData>(EventId Id, string Type, DateTimeOffset Timestamp, bool Test, TData Data);

    private sealed record EntitlementEventData(
        OrderId OrderId,
        long Sequence,
        EntitlementView Entitlement,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error);
}
