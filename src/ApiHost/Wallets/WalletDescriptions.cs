using OpenBitum.OpenApi;

namespace OpenBitum.Wallets;

internal static class WalletDescriptions
{
    private const string Key =
        "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";

    public static Operation List() => new("listWallets", Tag.Wallets, "Lists the merchant's public keys")
    {
        About = "One per chain.",
        Example = Wallet,
    };

    public static Operation Set() => new("setWallet", Tag.Wallets, "Sets the public key of a chain")
    {
        About = "Replaces the one before, whose addresses stay watched. A private key is refused, and neither stored nor repeated.",
        Body = Schema.Object(
            Field.Required("chain", Schema.Text(20, 1), "`BTC`, `LTC`, …: one that this instance follows."),
            Field.Required("xpub", Schema.Text(WalletKey.MaximumTextLength, 1), "An extended public key of SLIP-132, or an output descriptor."),
            Field.Optional("scriptType", Schema.OneOf("p2pkh", "p2sh-p2wpkh", "p2wpkh", "p2tr").OrNull(), "Overrides the key's own."),
            Field.Optional("label", Schema.Text(Wallets.Wallet.LabelLength).OrNull(), "For the merchant.")),
        BodyExample = $$"""{ "chain": "BTC", "xpub": "{{Key}}", "label": "Savings" }""",
        Example = Wallet,
    };

    private static WalletView Wallet => new(
        "BTC", "mainnet", Key, "p2wpkh", "d34db33f", "Savings", 0, 0,
        ["bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu"], [], Sample.At);
}
