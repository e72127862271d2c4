using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OpenBitum.Wallets;

/// <summary>
/// One network of a Bitcoin-like chain: how its addresses are written and which keys it takes. Sources: the chain
/// parameters of Bitcoin Core and Litecoin Core, BIP173, SLIP-132.
/// </summary>
public sealed record BitcoinNetwork
{
    private static readonly ImmutableArray<ScriptType> AllScripts = [.. Enum.GetValues<ScriptType>()];

    private BitcoinNetwork(string chain, string name, string humanReadablePart)
    {
        Chain = chain;
        Name = name;
        HumanReadablePart = humanReadablePart;
    }

    public static BitcoinNetwork Bitcoin { get; } = new("BTC", "mainnet", "bc")
    {
        PublicKeyHashVersions = [0x00],
        ScriptHashVersions = [0x05],
        BareKeyPrefixes = ["xpub", "ypub", "zpub"],
        DescriptorKeyPrefixes = ["xpub"],
        NodeKeyVersion = ExtendedKeyVersion.Xpub,
    };

    public static BitcoinNetwork BitcoinTestnet { get; } = new("BTC", "testnet", "tb")
    {
        PublicKeyHashVersions = [0x6F],
        ScriptHashVersions = [0xC4],
        BareKeyPrefixes = ["tpub", "upub", "vpub"],
        DescriptorKeyPrefixes = ["tpub"],
        NodeKeyVersion = ExtendedKeyVersion.Tpub,
    };

    /// <summary>Regtest differs from testnet in its segwit addresses only.</summary>
    public static BitcoinNetwork BitcoinRegtest { get; } =
        BitcoinTestnet with { Name = "regtest", HumanReadablePart = "bcrt" };

    /// <summary>
    /// Litecoin's script addresses begin with M; the older ones with 3, shared with Bitcoin, are still read. Its nodes
    /// write xpub in descriptors, its wallets Ltub: a bare xpub there is a Bitcoin key in the wrong place.
    /// </summary>
    public static BitcoinNetwork Litecoin { get; } = new("LTC", "mainnet", "ltc")
    {
        PublicKeyHashVersions = [0x30],
        ScriptHashVersions = [0x32, 0x05],
        BareKeyPrefixes = ["Ltub", "Mtub", "zpub"],
        DescriptorKeyPrefixes = ["xpub", "Ltub"],
        NodeKeyVersion = ExtendedKeyVersion.Xpub,
    };

    /// <summary>Litecoin registered only ttub for its testnet; wallets use Bitcoin's prefixes for the rest.</summary>
    public static BitcoinNetwork LitecoinTestnet { get; } = new("LTC", "testnet", "tltc")
    {
        PublicKeyHashVersions = [0x6F],
        ScriptHashVersions = [0x3A, 0xC4],
        BareKeyPrefixes = ["ttub", "tpub", "upub", "vpub"],
        DescriptorKeyPrefixes = ["tpub", "ttub"],
        NodeKeyVersion = ExtendedKeyVersion.Tpub,
    };

    public static BitcoinNetwork LitecoinRegtest { get; } =
        LitecoinTestnet with { Name = "regtest", HumanReadablePart = "rltc" };

    /// <summary>The chain inside the service: testnet keys, and P2WPKH addresses only.</summary>
    public static BitcoinNetwork Sandbox { get; } = new("SANDBOX", "testnet", "sb")
    {
        PublicKeyHashVersions = [],
        ScriptHashVersions = [],
        BareKeyPrefixes = ["tpub", "vpub"],
        DescriptorKeyPrefixes = ["tpub"],
        NodeKeyVersion = ExtendedKeyVersion.Tpub,
        Scripts = [ScriptType.P2wpkh],
    };

    public static ImmutableArray<BitcoinNetwork> All { get; } =
        [Bitcoin, BitcoinTestnet, BitcoinRegtest, Litecoin, LitecoinTestnet, LitecoinRegtest, Sandbox];

    /// <summary><c>BTC</c>, <c>LTC</c> or <c>SANDBOX</c>.</summary>
    public string Chain { get; }

    /// <summary><c>mainnet</c>, <c>testnet</c> or <c>regtest</c>.</summary>
    public string Name { get; private init; }

    /// <summary>What its segwit addresses begin with, before the digit 1 (BIP173).</summary>
    public string HumanReadablePart { get; private init; }

    /// <summary>The scripts that a key may be watched with.</summary>
    public ImmutableArray<ScriptType> Scripts { get; private init; } = AllScripts;

    /// <summary>The first letters of the extended keys taken as they are, for messages.</summary>
    internal ImmutableArray<string> BareKeyPrefixes { get; private init; }

    /// <summary>The first letters of the extended keys taken inside descriptors, where the script is written out.</summary>
    internal ImmutableArray<string> DescriptorKeyPrefixes { get; private init; }

    /// <summary>The version bytes of extended keys in the network's own node software.</summary>
    internal uint NodeKeyVersion { get; private init; }

    /// <summary>Version bytes of P2PKH addresses; the first is written, all are read. Likewise for P2SH.</summary>
    internal ImmutableArray<byte> PublicKeyHashVersions { get; private init; }

    internal ImmutableArray<byte> ScriptHashVersions { get; private init; }

    /// <summary>Finds a network by the chain's id and the network's name in the configuration.</summary>
    public static bool TryFind(string chain, string name, [NotNullWhen(true)] out BitcoinNetwork? network)
    {
        network = All.FirstOrDefault(candidate => candidate.Chain == chain && candidate.Name == name);
        return network is not null;
    }

    public override string ToString() => $"{Chain} {Name}";
}
