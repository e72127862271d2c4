using System.Collections.Immutable;
using OpenBitum.Catalog;
using OpenBitum.Problems;

namespace OpenBitum.Orders;

/// <summary>A buyer's wish, as the checkout takes it. The price and the merchant are the product's.</summary>
/// <param name="PaymentMethod">`BTC`, `SANDBOX`, …; null: the buyer picks later, unless only one is offered.</param>
[GenerateSerializer, Immutable, Alias("openbitum.orders.open-order")]
public sealed record OpenOrder(
    [property: Id(0)] ProductId Product,
    [property: Id(1)] string Email,
    [property: Id(2)] int Quantity,
    [property: Id(3)] string? PaymentMethod,
    [property: Id(4)] string? ReturnUrl,
    [property: Id(5)] ImmutableSortedDictionary<string, string> Metadata);

/// <summary>How a checkout ends; each but Opened is a refusal, in the order a caller should learn them.</summary>
public enum OpenOrderStatus
{
    Opened, ProductNotFound, Invalid, OutOfStock, NoPaymentMethod, RateUnavailable, ChainUnavailable,
}

[GenerateSerializer, Immutable, Alias("openbitum.orders.open-order-result")]
public sealed record OpenOrderResult(
    [property: Id(0)] OpenOrderStatus Status,
    [property: Id(1)] ImmutableArray<FieldProblem> Problems);

[GenerateSerializer, Immutable, Alias("openbitum.orders.select-method")]
public sealed record SelectMethod([property: Id(0)] string Method);

/// <summary>How choosing a payment method ends.</summary>
public enum SelectMethodStatus
{
    Selected, NotFound, Invalid, OrderClosed, NoPaymentMethod, RateUnavailable, ChainUnavailable,
}

[GenerateSerializer, Immutable, Alias("openbitum.orders.select-method-result")]
public sealed record SelectMethodResult(
    [property: Id(0)] SelectMethodStatus Status,
    [property: Id(1)] BuyerOrderView? Order,
    [property: Id(2)] ImmutableArray<FieldProblem> Problems);
