namespace OpenBitum.Wallets;

/// <summary>How an address of a wallet key is spent: the four scripts for one key that wallets use.</summary>
public enum ScriptType
{
    /// <summary>Pay to public key hash (BIP44): <c>1…</c>, <c>L…</c>.</summary>
    P2pkh,

    /// <summary>P2WPKH inside P2SH (BIP49): <c>3…</c>, <c>M…</c>.</summary>
    P2shP2wpkh,

    /// <summary>Pay to witness public key hash (BIP84): <c>bc1q…</c>.</summary>
    P2wpkh,

    /// <summary>Taproot, key path only (BIP86): <c>bc1p…</c>.</summary>
    P2tr,
}

/// <summary>The names of script types in the API, and their output descriptors (BIP381, BIP382, BIP386).</summary>
public static class ScriptTypeNames
{
    /// <summary>Scripts we know and do not watch: they need several keys, or no wallet hands out their addresses.</summary>
    private static readonly string[] Unsupported = ["p2pk", "p2ms", "p2sh", "p2wsh", "p2sh-p2wsh"];

    public static string ToName(this ScriptType type) => type switch
    {
        ScriptType.P2pkh => "p2pkh",
        ScriptType.P2shP2wpkh => "p2sh-p2wpkh",
        ScriptType.P2wpkh => "p2wpkh",
        ScriptType.P2tr => "p2tr",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This is no script type."),
    };

    public static bool TryParse(string name, out ScriptType type)
    {
        foreach (var candidate in Enum.GetValues<ScriptType>())
        {
            if (candidate.ToName() == name)
            {
                type = candidate;
                return true;
            }
        }

        type = default;
        return false;
    }

    internal static bool IsKnownButUnsupported(string name) => Unsupported.Contains(name);

    /// <summary>The descriptor around a key expression, without its checksum.</summary>
    internal static string ToDescriptor(this ScriptType type, string keyExpression) => type switch
    {
        ScriptType.P2pkh => $"pkh({keyExpression})",
        ScriptType.P2shP2wpkh => $"sh(wpkh({keyExpression}))",
        ScriptType.P2wpkh => $"wpkh({keyExpression})",
        ScriptType.P2tr => $"tr({keyExpression})",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This is no script type."),
    };
}
