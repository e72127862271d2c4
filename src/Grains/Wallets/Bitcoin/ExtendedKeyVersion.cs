using System.Collections.Immutable;

namespace OpenBitum.Wallets;

/// <summary>
/// One row of the registry of SLIP-132: the four bytes before an extended key, hence its first letters, tell the coin,
/// the script and whether it is private. <paramref name="Script"/> is null for the multi-signature prefixes.
/// </summary>
internal sealed record ExtendedKeyVersion(
    string Owner,
    uint Public,
    string PublicPrefix,
    uint Private,
    string PrivatePrefix,
    ScriptType? Script)
{
    public const uint Xpub = 0x0488B21E;
    public const uint Tpub = 0x043587CF;
    public const uint Vpub = 0x045F1CF6;

    private const string Bitcoin = "Bitcoin";
    private const string BitcoinTestnet = "Bitcoin testnet";
    private const string Litecoin = "Litecoin";
    private const string LitecoinTestnet = "Litecoin testnet";

    public static ImmutableArray<ExtendedKeyVersion> All { get; } =
    [
        new(Bitcoin, Xpub, "xpub", 0x0488ADE4, "xprv", ScriptType.P2pkh),
        new(Bitcoin, 0x049D7CB2, "ypub", 0x049D7878, "yprv", ScriptType.P2shP2wpkh),
        new(Bitcoin, 0x04B24746, "zpub", 0x04B2430C, "zprv", ScriptType.P2wpkh),
        new(Bitcoin, 0x0295B43F, "Ypub", 0x0295B005, "Yprv", null),
        new(Bitcoin, 0x02AA7ED3, "Zpub", 0x02AA7A99, "Zprv", null),
        new(BitcoinTestnet, Tpub, "tpub", 0x04358394, "tprv", ScriptType.P2pkh),
        new(BitcoinTestnet, 0x044A5262, "upub", 0x044A4E28, "uprv", ScriptType.P2shP2wpkh),
        new(BitcoinTestnet, Vpub, "vpub", 0x045F18BC, "vprv", ScriptType.P2wpkh),
        new(BitcoinTestnet, 0x024289EF, "Upub", 0x024285B5, "Uprv", null),
        new(BitcoinTestnet, 0x02575483, "Vpub", 0x02575048, "Vprv", null),
        new(Litecoin, 0x019DA462, "Ltub", 0x019D9CFE, "Ltpv", ScriptType.P2pkh),
        new(Litecoin, 0x01B26EF6, "Mtub", 0x01B26792, "Mtpv", ScriptType.P2shP2wpkh),
        new(LitecoinTestnet, 0x0436F6E1, "ttub", 0x0436EF7D, "ttpv", ScriptType.P2pkh),
    ];

    /// <summary>The row that has these four bytes for its public or its private keys; null when no row has.</summary>
    public static ExtendedKeyVersion? Find(uint version) =>
        All.FirstOrDefault(row => row.Public == version || row.Private == version);
}
