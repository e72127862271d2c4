using System.Numerics;
using OpenBitum.Checkout;
using OpenBitum.Money;

namespace OpenBitum.Orders;

/// <summary>What a customer gets for an order besides the goods: XP.</summary>
public static class Points
{
    /// <summary>The largest whole number that every JSON reader keeps exact: 2^53 - 1.</summary>
    public const long Most = 9_007_199_254_740_991;

    /// <summary>Rounded down; none without a rate to US dollars.</summary>
    public static long Of(decimal perDollar, Offer offer) =>
        offer.Dollars is { } dollars ? (long)BigInteger.Min(Most, (Fraction.Of(perDollar) * dollars).RoundDown()) : 0;
}
