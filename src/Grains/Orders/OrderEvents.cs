using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
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

    private static readonly JsonWriterOptions Form = new() { Encoder = WireJson.Options.Encoder };

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

    private static JsonElement View(OrderState order)
    {
        var view = OrderViews.ForMerchant(order, version: 0);
        var surplus = view.Payments.Length - MostPaymentsShown;
        return JsonSerializer.SerializeToElement(
            surplus > 0 ? view with { Payments = view.Payments[surplus..] } : view, WireJson.Options);
    }

    private static OutgoingEvent Freeze(OrderState order, JsonElement view, OrderNews news, long sequence, DateTimeOffset now)
    {
        // The number is the order's own, so a decision that is made again makes the same id for the same number and moment.
        var id = new EventId(EventId.Prefix + Ulid.Derive($"{order.Id.Value}/{sequence}", now));
        var bytes = new ArrayBufferWriter<byte>(2_048);
        using (var body = new Utf8JsonWriter(bytes, Form))
        {
            body.WriteStartObject();
            body.WriteString("id", id.Value);
            body.WriteString("type", news.Type);
            body.WritePropertyName("timestamp");
            JsonSerializer.Serialize(body, now, WireJson.Options);
            body.WriteBoolean("test", order.IsTest);
            body.WriteStartObject("data");
            body.WriteString("orderId", order.Id.Value);
            body.WriteNumber("sequence", sequence);
            WriteData(body, order, view, news);
            body.WriteEndObject();
            body.WriteEndObject();
        }

        return new OutgoingEvent(
            id, order.Merchant, news.Type, order.Id.Value, sequence, now, order.IsTest, Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    private static void WriteData(Utf8JsonWriter body, OrderState order, JsonElement view, OrderNews news)
    {
        if (news.Entitlement is { } entitlement)
        {
            body.WritePropertyName("entitlement");
            JsonSerializer.Serialize(body, OrderViews.Of(order, entitlement), WireJson.Options);
            if (entitlement.Error is { } error)
            {
                body.WriteString("error", error);
            }

            return;
        }

        foreach (var property in view.EnumerateObject().Where(property => !property.NameEquals("orderId")))
        {
            property.WriteTo(body);
        }

        if (news.Payment is { } payment)
        {
            body.WritePropertyName("payment");
            JsonSerializer.Serialize(body, OrderViews.Of(order, payment), WireJson.Options);
        }
    }
}
