namespace OpenBitum.Wallets;

/// <summary>The output scripts (scriptPubKey) that pay to one public key.</summary>
internal static class OutputScript
{
    private const byte Op0 = 0x00;
    private const byte Op1 = 0x51;
    private const byte OpDup = 0x76;
    private const byte OpEqual = 0x87;
    private const byte OpEqualVerify = 0x88;
    private const byte OpHash160 = 0xA9;
    private const byte OpCheckSig = 0xAC;
    private const byte Push20 = 20;
    private const byte Push32 = 32;

    /// <summary>
    /// The script for a public key; for <see cref="ScriptType.P2tr"/> it is the output key, tweaked already.
    /// </summary>
    public static byte[] For(ScriptType type, in AffinePoint key)
    {
        if (type is ScriptType.P2tr)
        {
            Span<byte> outputKey = stackalloc byte[Push32];
            key.X.Write(outputKey);
            return Witness(1, outputKey);
        }

        Span<byte> compressed = stackalloc byte[AffinePoint.CompressedLength];
        key.WriteCompressed(compressed);
        Span<byte> hash = stackalloc byte[BitcoinHash.Hash160Length];
        BitcoinHash.Hash160(compressed, hash);
        return type switch
        {
            ScriptType.P2pkh => PayToPublicKeyHash(hash),
            ScriptType.P2wpkh => Witness(0, hash),
            ScriptType.P2shP2wpkh => PayToScript(Witness(0, hash)),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This is no script type."),
        };
    }

    public static byte[] PayToPublicKeyHash(ReadOnlySpan<byte> hash) =>
        [OpDup, OpHash160, Push20, .. hash, OpEqualVerify, OpCheckSig];

    public static byte[] PayToScriptHash(ReadOnlySpan<byte> hash) => [OpHash160, Push20, .. hash, OpEqual];

    /// <summary>A witness program: version 0 to 16, then one push of the program (BIP141).</summary>
    public static byte[] Witness(byte version, ReadOnlySpan<byte> program) =>
        [version == 0 ? Op0 : (byte)(Op1 + version - 1), (byte)program.Length, .. program];

    /// <summary>Whether the script is OP_DUP OP_HASH160 hash OP_EQUALVERIFY OP_CHECKSIG.</summary>
    public static bool IsPayToPublicKeyHash(ReadOnlySpan<byte> script, out ReadOnlySpan<byte> hash)
    {
        hash = script.Length == 25 ? script.Slice(3, Push20) : default;
        return script is [OpDup, OpHash160, Push20, .., OpEqualVerify, OpCheckSig] && script.Length == 25;
    }

    /// <summary>Whether the script is OP_HASH160 hash OP_EQUAL.</summary>
    public static bool IsPayToScriptHash(ReadOnlySpan<byte> script, out ReadOnlySpan<byte> hash)
    {
        hash = script.Length == 23 ? script.Slice(2, Push20) : default;
        return script is [OpHash160, Push20, .., OpEqual] && script.Length == 23;
    }

    /// <summary>Whether the script is a witness program (BIP141).</summary>
    public static bool IsWitness(ReadOnlySpan<byte> script, out byte version, out ReadOnlySpan<byte> program)
    {
        version = 0;
        program = default;
        if (script.Length is < 4 or > 42
            || script[0] is not (Op0 or >= Op1 and <= Op1 + 15)
            || script[1] != script.Length - 2)
        {
            return false;
        }

        version = script[0] == Op0 ? (byte)0 : (byte)(script[0] - Op1 + 1);
        program = script[2..];
        return version > 0 || program.Length is Push20 or Push32;
    }

    private static byte[] PayToScript(ReadOnlySpan<byte> redeemScript)
    {
        Span<byte> hash = stackalloc byte[BitcoinHash.Hash160Length];
        BitcoinHash.Hash160(redeemScript, hash);
        return PayToScriptHash(hash);
    }
}
