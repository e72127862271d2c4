using System.Collections.Frozen;

namespace OpenBitum.Checkout;

/// <summary>The names of the contract's payment methods: asset, or asset-chain. Whether one is offered is another question.</summary>
public static class PaymentMethods
{
    private static readonly FrozenSet<string> Names =
        new[] { "BTC", "LTC", "ETH", "USDC-ETH", "USDC-BASE", "cbBTC-BASE", "SOL", "USDC-SOL", "SANDBOX" }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Exists(string method) => Names.Contains(method);
}
