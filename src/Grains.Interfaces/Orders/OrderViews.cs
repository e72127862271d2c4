using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Money;
using OpenBitum.Webhooks;

namespace OpenBitum.Orders;

/// <summary>Where an order stands; Draft is never shown outside.</summary>
public enum OrderStatus { Draft, Pending, Processing, Paid, Expired, Refunded }

/// <summary>One way to pay an order, with what is due in the asset's smallest unit, locked at creation.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.orders.payment-method-view")]
public sealed record PaymentMethodView(
    [property: Id(0)] string Method,
    [property: Id(1)] string Chain,
    [property: Id(2)] string Asset,
    [property: Id(3)] string Due,
    [property: Id(4)] string Paid,
    [property: Id(5)] string Remaining,
    [property: Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Address,
    [property: Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PaymentUri,
    [property: Id(8)] int ConfirmationsRequired,
    [property: Id(9), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Rate,
    [property: Id(10), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RateSource);

/// <summary>One payment, named by where it sits on the chain.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.orders.payment-view")]
public sealed record PaymentView(
    [property: Id(0)] string Id,
    [property: Id(1)] string Method,
    [property: Id(2)] string Amount,
    [property: Id(3)] PaymentState State,
    [property: Id(4)] int Confirmations,
    [property: Id(5)] DateTimeOffset FirstSeenAt,
    [property: Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? BlockHeight,
    [property: Id(7)] bool Late)
{
    /// <summary>The transaction that it sits in.</summary>
    [JsonIgnore]
    public string TransactionId => Id.LastIndexOf(':') is var end and > 0 ? Id[..end] : Id;
}

public enum PaymentState { Seen, Confirmed, Replaced, Orphaned }

/// <summary>
/// The buyer's view: no e-mail, key or merchant internals. Its ETag is <see cref="Version"/>; `serverTime` is added by the HTTP host.
/// </summary>
[GenerateSerializer, Immutable, Alias("openbitum.orders.buyer-order-view")]
public sealed record BuyerOrderView
{
    [Id(0)] public required OrderId OrderId { get; init; }
    [Id(1)] public required OrderStatus Status { get; init; }
    [Id(2)] public required ProductId ProductId { get; init; }
    [Id(3)] public required string ProductName { get; init; }
    [Id(4)] public required int Quantity { get; init; }
    [Id(5)] public required Amount Price { get; init; }
    [Id(6)] public required Amount Total { get; init; }
    [Id(7)] public required DateTimeOffset CreatedAt { get; init; }
    [Id(8)] public required DateTimeOffset ExpiresAt { get; init; }
    [Id(9), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public DateTimeOffset? PaidAt { get; init; }
    [Id(10)] public required string CheckoutUrl { get; init; }
    [Id(11), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? ReturnUrl { get; init; }
    [Id(12)] public required bool Test { get; init; }
    [Id(13)] public required ImmutableArray<PaymentMethodView> PaymentMethods { get; init; }
    [Id(14)] public required ImmutableArray<PaymentView> Payments { get; init; }
    [Id(15)] public required bool PartiallyPaid { get; init; }
    [Id(16)] public required Amount? OverpaidAmount { get; init; }
    [Id(17)] public required bool PaidLate { get; init; }
    [Id(18)] public required bool Reversed { get; init; }
    [Id(19)] public required bool NeedsReview { get; init; }
    [Id(20), JsonIgnore] public long Version { get; init; }
}

/// <summary>What the merchant sees, and what `data` of order events holds (there without events and deliveries).</summary>
[GenerateSerializer, Immutable, Alias("openbitum.orders.merchant-order-view")]
public sealed record MerchantOrderView
{
    [Id(0)] public required OrderId OrderId { get; init; }

    /// <summary>In `data` of an event: its number among those of the order. 0, and left out, elsewhere.</summary>
    [Id(26), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public long Sequence { get; init; }

    [Id(1)] public required OrderStatus Status { get; init; }
    [Id(2)] public required ProductId ProductId { get; init; }
    [Id(3)] public required string ProductName { get; init; }
    [Id(4)] public required int Quantity { get; init; }
    [Id(5)] public required Amount Price { get; init; }
    [Id(6)] public required Amount Total { get; init; }
    [Id(7)] public required DateTimeOffset CreatedAt { get; init; }
    [Id(8)] public required DateTimeOffset ExpiresAt { get; init; }
    [Id(9), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public DateTimeOffset? PaidAt { get; init; }
    [Id(10)] public required string CheckoutUrl { get; init; }
    [Id(11), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? ReturnUrl { get; init; }
    [Id(12)] public required bool Test { get; init; }
    [Id(13)] public required ImmutableArray<PaymentMethodView> PaymentMethods { get; init; }
    [Id(14)] public required ImmutableArray<PaymentView> Payments { get; init; }
    [Id(15)] public required bool PartiallyPaid { get; init; }
    [Id(16)] public required Amount? OverpaidAmount { get; init; }
    [Id(17)] public required bool PaidLate { get; init; }
    [Id(18)] public required bool Reversed { get; init; }
    [Id(19)] public required bool NeedsReview { get; init; }
    [Id(20)] public required string Email { get; init; }
    [Id(21)] public required CustomerId CustomerId { get; init; }
    [Id(22)] public required ImmutableSortedDictionary<string, string> Metadata { get; init; }
    [Id(23)] public required ImmutableArray<EntitlementView> Entitlements { get; init; }

    /// <summary>What the operator charges the merchant, recorded and never added to what is due; null, and left out: nothing.</summary>
    [Id(28), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ProcessingFeeView? ProcessingFee { get; init; }

    /// <summary>The points that the customer gets for it once it is paid.</summary>
    [Id(29)] public long Xp { get; init; }

    /// <summary>Where one order is read by itself: the service's clock, which is no part of its version. Left out elsewhere.</summary>
    [Id(32), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public DateTimeOffset? ServerTime { get; init; }

    /// <summary>In `data` of payment.received: the one it tells of.</summary>
    [Id(27), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public PaymentView? Payment { get; init; }

    /// <summary>Where one order is read by itself: its last 100 events. Left out elsewhere.</summary>
    [Id(30), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ImmutableArray<OrderEventView>? Events { get; init; }

    /// <summary>Where one order is read by itself: the last 50 deliveries of those events. Left out elsewhere.</summary>
    [Id(31), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ImmutableArray<DeliveryView>? Deliveries { get; init; }

    [Id(24), JsonIgnore] public MerchantId Merchant { get; init; }
    [Id(25), JsonIgnore] public long Version { get; init; }
}

/// <summary>A <see cref="BuyerOrderView"/> as JSON, made once for each version: buyers ask far more often than their order changes.</summary>
/// <param name="Version">The view's.</param>
/// <param name="Text">One object, without `serverTime`.</param>
[GenerateSerializer, Immutable, Alias("openbitum.orders.buyer-order-json")]
public sealed record BuyerOrderJson([property: Id(0)] long Version, [property: Id(1)] string Text);

/// <summary>A share of an order's total, in what the total is in.</summary>
/// <param name="Pct">Decimal text, shortest form.</param>
/// <param name="Amount">Decimal text.</param>
/// <param name="Currency">ISO 4217; null, and left out, for a total in an asset.</param>
/// <param name="Asset">Null, and left out, for a total in a currency.</param>
[GenerateSerializer, Immutable, Alias("openbitum.orders.processing-fee-view")]
public sealed record ProcessingFeeView(
    [property: Id(0)] string Pct,
    [property: Id(1)] string Amount,
    [property: Id(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Currency,
    [property: Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Asset);
