using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpenBitum.Access;
using OpenBitum.Checkout;
using OpenBitum.Customers;
using OpenBitum.Money;

namespace OpenBitum.Orders;

/// <summary>Stored form of an order. What follows from it (sums, what remains, what is over) is computed, never stored.</summary>
public sealed record OrderState
{
    public required OrderId Id { get; init; }

    public required MerchantId Merchant { get; init; }

    public required OrderStatus Status { get; init; }

    /// <summary>The wish that opened it, so that a repeated one is recognised.</summary>
    public required OpenOrder Asked { get; init; }

    /// <summary>Null while it is a draft.</summary>
    public CustomerId? Customer { get; init; }

    /// <summary>One today.</summary>
    public required ImmutableArray<OrderLine> Lines { get; init; }

    public required Amount Total { get; init; }

    public required OrderTerms Terms { get; init; }

    public required string CheckoutUrl { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was found that nothing, or too little, had come in time; kept for good, also when a late payment is accepted.</summary>
    public DateTimeOffset? ExpiredAt { get; init; }

    /// <summary>The time of the block that completed it; locked once set.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>The ways to pay it, in the order in which they are shown, with what is due locked.</summary>
    public required ImmutableArray<OrderMethod> Methods { get; init; }

    /// <summary>The other configured ways, and why they were not offered.</summary>
    public ImmutableArray<RefusedMethod> RefusedMethods { get; init; } = [];

    /// <summary>Every payment that was ever observed, in the order in which the order heard of them.</summary>
    public ImmutableArray<OrderPayment> Payments { get; init; } = [];

    /// <summary>The last look heard of each chain: an older snapshot changes nothing.</summary>
    public ImmutableSortedDictionary<string, long> Looks { get; init; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>Money came for it after its time.</summary>
    public bool PaidLate { get; init; }

    /// <summary>It was paid and the money is gone.</summary>
    public bool Reversed { get; init; }

    /// <summary>Why the merchant should look at it.</summary>
    public ReviewReasons Review { get; init; }

    /// <summary>What the operator charges the merchant, at the rate in force at creation; null: nothing. Never part of what is due.</summary>
    public ProcessingFee? ProcessingFee { get; init; }

    /// <summary>The points that the customer gets once it is paid, locked at creation.</summary>
    public long Xp { get; init; }

    /// <summary>What the payment grants; empty until it is paid.</summary>
    public ImmutableArray<OrderEntitlement> Entitlements { get; init; } = [];

    public StockStanding Stock { get; init; }

    /// <summary>When a hash took the place of the buyer's e-mail in <see cref="Asked"/>; null: it has not.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>The last event's number; the next has one more.</summary>
    public long Sequence { get; init; }

    [JsonIgnore]
    public OrderLine Line => Lines[0];

    /// <summary>Play money: nobody shall ship for it.</summary>
    [JsonIgnore]
    public bool IsTest => Methods.All(IsSandbox) || Payments.Any(payment => IsSandbox(MethodOf(payment)));

    public OrderMethod MethodOf(OrderPayment payment) => Methods.First(method => method.Method == payment.Method);

    private static bool IsSandbox(OrderMethod method) => method.Chain == Chains.ChainCatalog.Sandbox;
}

/// <summary>What is bought, as it was at creation: changing the product later changes no order.</summary>
public sealed record OrderLine(
    Catalog.ProductId Product,
    string Name,
    int Quantity,
    Amount Price,
    ImmutableArray<Catalog.ProductEntitlement> Entitlements);

/// <summary>The rules in force at creation.</summary>
public sealed record OrderTerms
{
    public required int LateWindowSeconds { get; init; }

    /// <summary>0 to 99 with up to four digits after the point: how much of what is due may be missing.</summary>
    public decimal UnderpaymentTolerancePct { get; init; }

    /// <summary>Whether money that came late, but within the window, pays at the locked rate.</summary>
    public bool AcceptLate { get; init; }

    /// <summary>Late money is accepted only if the rate has moved by less than this since.</summary>
    public decimal LateRateTolerancePct { get; init; } = 2;
}

/// <summary>One way to pay, locked at creation.</summary>
/// <param name="Due">In the asset, rounded up.</param>
/// <param name="Rate">The decimal text of the rate that gave <paramref name="Due"/>.</param>
/// <param name="Address">Null until the buyer has picked this method.</param>
public sealed record OrderMethod(
    string Method,
    string Chain,
    Amount Due,
    string Rate,
    string RateSource,
    int ConfirmationsRequired,
    OrderAddress? Address);

/// <summary>Where an order is paid. It stays watched and counts for ever, whatever the buyer picks afterwards.</summary>
/// <param name="Script">The scriptPubKey in lower-case hex.</param>
public sealed record OrderAddress(string KeyId, long KeyIndex, string Address, string Script);

/// <summary>One payment, named by where it sits on the chain.</summary>
public sealed record OrderPayment
{
    public required string Id { get; init; }

    public required string Method { get; init; }

    public required Int128 Atoms { get; init; }

    public required PaymentState State { get; init; }

    /// <summary>Up to what the method requires, and no further.</summary>
    public required int Confirmations { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public long? BlockHeight { get; init; }

    public DateTimeOffset? BlockTime { get; init; }

    /// <summary>First seen after the order's time, or first met when the order had expired.</summary>
    public bool Late { get; init; }

    /// <summary>Adds to what was paid. Late money does so only if the terms accept it, or when the order is paid anyway.</summary>
    public bool Counts { get; init; }

    /// <summary>The merchant was told of it.</summary>
    public bool Told { get; init; }

    /// <summary>The money is there, or on its way.</summary>
    [JsonIgnore]
    public bool IsLive => State is PaymentState.Seen or PaymentState.Confirmed;
}

/// <summary>What one entry of a product grants for one order.</summary>
/// <param name="Number">From 1; with the order's id the key of its grain.</param>
/// <param name="Suspended">What its grain was last told, and has acknowledged.</param>
public sealed record OrderEntitlement(
    Entitlements.EntitlementId Id,
    int Number,
    Catalog.ProductEntitlement Entitlement,
    int Quantity,
    Entitlements.EntitlementStatus Status,
    DateTimeOffset? GrantedAt,
    string? Error,
    bool Suspended);

/// <summary>
/// Units of the product: taken at checkout, given back once at expiry. Returning is written before the product is asked, so that a
/// crash between the two asks again; a product gives back once while it holds the order's id. Retaking is written before units are asked
/// for again, for late money: if the write that would pay the order never comes, what was taken goes back.
/// </summary>
public enum StockStanding { None, Reserved, Returning, Returned, Retaking }

[Flags]
public enum ReviewReasons
{
    None = 0,
    Late = 1,
    Reversed = 2,
    OutOfStock = 4,
}
