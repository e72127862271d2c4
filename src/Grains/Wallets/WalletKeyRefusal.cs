using OpenBitum.Problems;

namespace OpenBitum.Wallets;

/// <summary>
/// What is said to whoever gave a key that is not taken: the field, the code, and a sentence that says what to do. It
/// never repeats what was sent, which may have been a private key.
/// </summary>
internal static class WalletKeyRefusal
{
    private const string Copy = "Copy the whole key again from the wallet.";

    public static FieldProblem For(KeyFault fault, BitcoinNetwork network, bool hasPrivateKey = false)
    {
        var (code, message) = Describe(fault, network);
        var warning = hasPrivateKey && code != FieldProblemCode.PrivateKey
            ? " It also looks like a private key: never give one to a web service, and move what it guards to a new key."
            : "";
        return new FieldProblem(FieldOf(fault), code, message + warning);
    }

    private static string FieldOf(KeyFault fault) =>
        fault is KeyFault.ScriptTypeUnknown or KeyFault.ScriptTypeUnsupported
            or KeyFault.ScriptTypeContradicts or KeyFault.ScriptTypeNotOnNetwork
            ? "scriptType"
            : "xpub";

    private static (string Code, string Message) Describe(KeyFault fault, BitcoinNetwork network) => fault switch
    {
        KeyFault.Missing => (FieldProblemCode.Required,
            "Give the wallet's extended public key, or an output descriptor."),
        KeyFault.TooLong => (FieldProblemCode.TooLong,
            $"A key or descriptor has at most {WalletKey.MaximumTextLength} characters."),

        KeyFault.NotAKey => (FieldProblemCode.BadFormat,
            $"This is neither an extended public key nor an output descriptor. {Expected(network)}"),
        KeyFault.KeyChecksum => (FieldProblemCode.BadChecksum,
            $"The key's checksum is wrong: a character is mistyped or lost. {Copy}"),
        KeyFault.KeyLength => (FieldProblemCode.BadFormat,
            $"The key has the wrong length for an extended public key. {Copy}"),
        KeyFault.UnknownVersion => (FieldProblemCode.BadFormat,
            $"The key begins with version bytes that no known network uses. {Expected(network)}"),
        KeyFault.PublicVersionWithPrivateKey => (FieldProblemCode.BadFormat,
            "The key says that it is public and holds a private key. Export the extended public key from the wallet."),
        KeyFault.PrivateVersionWithPublicKey => (FieldProblemCode.BadFormat,
            "The key says that it is private and holds a public key. Export the extended public key from the wallet."),
        KeyFault.InvalidPublicKeyPrefix => (FieldProblemCode.BadFormat,
            $"The public key in it must begin with 02 or 03. {Copy}"),
        KeyFault.InvalidPrivateKeyPrefix => (FieldProblemCode.BadFormat,
            "It is a malformed private key. Export the extended public key from the wallet."),
        KeyFault.ParentWithoutDepth => (FieldProblemCode.BadFormat,
            $"The key says that it is a master key and names a parent, which cannot be. {Copy}"),
        KeyFault.ChildNumberWithoutDepth => (FieldProblemCode.BadFormat,
            $"The key says that it is a master key and has a child number, which cannot be. {Copy}"),
        KeyFault.PrivateKeyOutOfRange => (FieldProblemCode.BadFormat,
            "It is a private key outside of the possible range. Export the extended public key from the wallet."),
        KeyFault.NotOnCurve => (FieldProblemCode.BadFormat,
            $"The public key in it is not a point of the curve. {Copy}"),
        KeyFault.InvalidOrigin => (FieldProblemCode.BadFormat,
            "The key's origin must look like [d34db33f/84h/0h/0h]: eight hexadecimal digits, then the path."),
        KeyFault.InvalidPath => (FieldProblemCode.BadFormat,
            "The path below the key must be numbers under 2147483648 and end in /*, for example /0/*."),
        KeyFault.InvalidDescriptor => (FieldProblemCode.BadFormat,
            "The descriptor is malformed. Write for example wpkh([d34db33f/84h/0h/0h]xpub…/0/*)."),
        KeyFault.DescriptorChecksum => (FieldProblemCode.BadChecksum,
            "The descriptor's checksum (the eight characters after #) does not match it. Copy both again."),

        KeyFault.PrivateKey => (FieldProblemCode.PrivateKey,
            "This is a private key: whoever has it can spend. It was not kept. Move what it guards to a new key, "
            + "and give the extended public key instead."),
        KeyFault.RecoveryPhrase => (FieldProblemCode.PrivateKey,
            "This looks like a recovery phrase: whoever has it can spend. It was not kept. Move what it guards to a "
            + "new wallet, and give the extended public key instead."),
        KeyFault.MultiSignature => (FieldProblemCode.UnsupportedScript,
            $"Keys of multi-signature wallets are not supported. {Expected(network)}"),
        KeyFault.UnsupportedDescriptor => (FieldProblemCode.UnsupportedScript,
            "Only descriptors of one key are supported: pkh(), sh(wpkh()), wpkh() and tr() without scripts."),
        KeyFault.WrongNetwork => (FieldProblemCode.WrongNetwork,
            $"This key belongs to another network. {Expected(network)}"),
        KeyFault.ScriptPrefixInDescriptor => (FieldProblemCode.BadFormat,
            "A descriptor names its script itself: write the key in it as "
            + $"{Alternatives(network.DescriptorKeyPrefixes)}."),
        KeyFault.Uncompressed => (FieldProblemCode.BadFormat,
            "This is a single uncompressed public key. Give an extended public key, which has an address per order."),
        KeyFault.SingleKey => (FieldProblemCode.BadFormat,
            "This is a single public key. Give an extended public key, which has an address per order."),
        KeyFault.Hardened => (FieldProblemCode.BadFormat,
            "A step below the key is hardened, which needs the private key. Export the key of that level and leave "
            + "only plain numbers behind it."),
        KeyFault.Unranged => (FieldProblemCode.BadFormat,
            "The path below the key must end in /*, so that every order gets an address of its own."),
        KeyFault.ScriptMissing => (FieldProblemCode.BadFormat,
            "A key with origin or path needs its script: wrap it in wpkh(…), sh(wpkh(…)), pkh(…) or tr(…), "
            + "or give scriptType."),
        KeyFault.ScriptNotOnNetwork => (FieldProblemCode.UnsupportedScript,
            $"{network.Chain} has {ScriptsOf(network)} addresses only. {Expected(network)}"),

        KeyFault.ScriptTypeUnknown => (FieldProblemCode.BadFormat, $"scriptType is one of {ScriptsOf(network)}."),
        KeyFault.ScriptTypeUnsupported => (FieldProblemCode.UnsupportedScript,
            $"Addresses of this script are not watched. scriptType is one of {ScriptsOf(network)}."),
        KeyFault.ScriptTypeContradicts => (FieldProblemCode.BadFormat,
            "scriptType and the descriptor name different scripts. Leave scriptType out."),
        KeyFault.ScriptTypeNotOnNetwork => (FieldProblemCode.UnsupportedScript,
            $"{network.Chain} has {ScriptsOf(network)} addresses only."),

        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "This is no reason to refuse a key."),
    };

    private static string Expected(BitcoinNetwork network) =>
        $"{network} takes keys that begin with {Alternatives(network.BareKeyPrefixes)}, "
        + $"or a descriptor such as wpkh({network.DescriptorKeyPrefixes[0]}…/0/*).";

    private static string ScriptsOf(BitcoinNetwork network) =>
        Alternatives(network.Scripts.Select(script => script.ToName()));

    private static string Alternatives(IEnumerable<string> names) => string.Join(" or ", names);
}
