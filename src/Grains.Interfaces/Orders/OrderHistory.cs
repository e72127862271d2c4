using System.Collections.Immutable;
using OpenBitum.Outbox;
using OpenBitum.Webhooks;

namespace OpenBitum.Orders;

/// <summary>What was told of an order.</summary>
/// <param name="Events">The last 100, in the order of their sequence.</param>
/// <param name="Deliveries">The last 50 of those events, newest first; without bodies.</param>
[GenerateSerializer, Immutable, Alias("openbitum.orders.order-history")]
public sealed record OrderHistory(
    [property: Id(0)] ImmutableArray<OrderEventView> Events,
    [property: Id(1)] ImmutableArray<DeliveryView> Deliveries);

/// <param name="Sequence">Its number among the order's, from 1.</param>
[GenerateSerializer, Immutable, Alias("openbitum.orders.order-event-view")]
public sealed record OrderEventView(
    [property: Id(0)] EventId Id,
    [property: Id(1)] string Type,
    [property: Id(2)] long Sequence,
    [property: Id(3)] DateTimeOffset Timestamp);
