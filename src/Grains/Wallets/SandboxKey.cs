namespace OpenBitum.Wallets;

/// <summary>The key that pays a merchant on SANDBOX who has given none.</summary>
public static class SandboxKey
{
    /// <summary>
    /// Nobody has its private key, and anybody can check that: it is the master key made of the point H of BIP341, whose
    /// x is the SHA-256 of the generator's uncompressed form, and of the chain code SHA-256("OpenBitum SANDBOX").
    /// So a payment sent to it on a real network by mistake could not be collected by whoever chose it.
    /// </summary>
    public const string Text =
        "vpub5SLqN2bLY4WeYDyaDjGFgKpmLNSn82x1ccQcNJk12WikGWHi6uB1JigMQu1R86qNUMsBZdGpNsnu3rLu87jxqNGreRqJF5Go8DQBqeuXHh2";

    public static WalletKey Key { get; } =
        WalletKey.TryParse(BitcoinNetwork.Sandbox, Text, null, out var key, out var refusal)
            ? key
            : throw new InvalidOperationException(refusal.Message);
}
