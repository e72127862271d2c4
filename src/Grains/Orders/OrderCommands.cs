using System.Collections.Immutable;
using OpenBitum.Catalog;
using OpenBitum.Chains;
using OpenBitum.Checkout;
using OpenBitum.Customers;
using OpenBitum.Money;

namespace OpenBitum.Orders;

/// <summary>The wish of a buyer with what the other features say of it.</summary>
/// <param name="Product">Null when it cannot be bought.</param>
/// <param name="Offer">The ways to pay for it; null when there is no product, or no total (<see cref="OpenOrderRules.Total"/>).</param>
/// <param name="ProcessingFeePct">What the operator charges the merchant; null: nothing.</param>
/// <param name="XpPerDollar">What the shop gives the customer.</param>
/// <param name="CheckoutUrl">Where the buyer pays.</param>
/// <param name="AllowsHttp">Whether returnUrl may be plain http: the instance is a developer's own.</param>
public sealed record DraftOrder(
    OrderId Id,
    OpenOrder Asked,
    ProductOffer? Product,
    Offer? Offer,
    OrdersOptions Options,
    decimal? ProcessingFeePct,
    decimal XpPerDollar,
    string CheckoutUrl,
    bool AllowsHttp);

/// <summary>The draft has all it needs: its customer, its stock, and its address if a method was picked.</summary>
public sealed record PendOrder(CustomerId Customer, MethodAddress? Address);

/// <summary>A watched address for one method.</summary>
public sealed record MethodAddress(string Method, OrderAddress Address);

/// <summary>What a chain's follower tells.</summary>
/// <param name="DueNow">What each method would ask for at this moment's rates; asked only where late money may be accepted.</param>
/// <param name="StockTaken">
/// Whether units were taken again for late money, which the order has said of itself before; null: nobody has asked the product yet.
/// </param>
public sealed record HearPayments(PaymentsObserved Observed, ImmutableDictionary<string, Amount> DueNow, bool? StockTaken);

/// <summary>Time has passed.</summary>
/// <param name="SeenThrough">Of each chain that the order has an address on; one that is missing is not seen through.</param>
public sealed record Tick(ImmutableDictionary<string, DateTimeOffset> SeenThrough);

/// <summary>An address was allocated, claimed and is watched.</summary>
public sealed record GiveAddress(MethodAddress Address);

/// <summary>Units that were given back will be asked for again.</summary>
public sealed record TakeStockAgain;

/// <summary>The product has taken its units back.</summary>
public sealed record AcknowledgeReturn;

/// <summary>An entitlement's grain has stored whether it is suspended.</summary>
public sealed record AcknowledgeSuspension(int Number, bool Suspended);
