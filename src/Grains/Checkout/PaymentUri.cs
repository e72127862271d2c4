using OpenBitum.Chains;
using OpenBitum.Money;

namespace OpenBitum.Checkout;

/// <summary>What a wallet opens to pay. Source: BIP 21, whose amounts are decimal and in whole units of the chain's asset.</summary>
public static class PaymentUri
{
    /// <exception cref="ArgumentOutOfRangeException">The chain has no scheme of BIP 21's form.</exception>
    public static string Of(string chain, string address, Amount amount) => $"{Scheme(chain)}:{address}?amount={amount.ToDecimal()}";

    private static string Scheme(string chain) => chain switch
    {
        ChainCatalog.Bitcoin => "bitcoin",
        ChainCatalog.Litecoin => "litecoin",
        ChainCatalog.Sandbox => "sandbox",
        _ => throw new ArgumentOutOfRangeException(nameof(chain), chain, "No scheme is known for this chain."),
    };
}
