namespace OpenBitum.Chains;

/// <summary>Block 0 of the public networks: a node that shows another one is configured for the wrong chain.</summary>
public static class KnownGenesis
{
    /// <summary>True where the chain is not one of these networks.</summary>
    public static bool Agrees(string chain, string network, string genesis) => (chain, network) switch
    {
        ("BTC", "mainnet") => genesis == "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
        // testnet3 and testnet4 (BIP 94)
        ("BTC", "testnet") => genesis is "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943"
            or "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
        ("BTC", "regtest") => genesis == "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
        ("LTC", "mainnet") => genesis == "12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2",
        ("LTC", "testnet") => genesis == "4966625a4b2851d9fdee139e56211a0d88575f59ed816ff5e6a63deb4e3e29a0",
        ("LTC", "regtest") => genesis == "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9",
        _ => true,
    };
}
