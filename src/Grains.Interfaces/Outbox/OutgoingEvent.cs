using OpenBitum.Access;

namespace OpenBitum.Outbox;

/// <summary>
/// Something that happened, told to the merchant's systems. It is stored in the same write as the change it tells of,
/// and its bytes are frozen then: the same on every attempt to deliver them.
/// </summary>
/// <param name="Type">`order.paid`, `customer.created`, …; see <see cref="EventType"/>.</param>
/// <param name="Subject">The order or customer it is about: events of one subject are delivered one after another.</param>
/// <param name="Sequence">Counts the events of the subject from 1 without holes.</param>
/// <param name="Test">True for SANDBOX.</param>
/// <param name="Body">The exact JSON text that is signed and sent, at most 256 KiB of UTF-8.</param>
[GenerateSerializer, Immutable, Alias("openbitum.outbox.outgoing-event")]
public sealed record OutgoingEvent(
    [property: Id(0)] EventId Id,
    [property: Id(1)] MerchantId Merchant,
    [property: Id(2)] string Type,
    [property: Id(3)] string Subject,
    [property: Id(4)] long Sequence,
    [property: Id(5)] DateTimeOffset Timestamp,
    [property: Id(6)] bool Test,
    [property: Id(7)] string Body);

/// <summary>The names of the events; they are part of the webhook contract.</summary>
public static class EventType
{
    public const string OrderCreated = "order.created";
    public const string OrderProcessing = "order.processing";
    public const string OrderPartiallyPaid = "order.partially_paid";
    public const string OrderPaid = "order.paid";
    public const string OrderExpired = "order.expired";
    public const string OrderReversed = "order.reversed";
    public const string PaymentReceived = "payment.received";
    public const string EntitlementApplied = "entitlement.applied";
    public const string EntitlementFailed = "entitlement.failed";
    public const string CustomerCreated = "customer.created";
    public const string WebhookTest = "webhook.test";

    /// <summary>What a subscription may ask for, besides `*`.</summary>
    public static IReadOnlyList<string> Subscribable { get; } =
    [
        OrderCreated, OrderProcessing, OrderPartiallyPaid, OrderPaid, OrderExpired, OrderReversed, PaymentReceived,
        EntitlementApplied, EntitlementFailed, CustomerCreated,
    ];
}
