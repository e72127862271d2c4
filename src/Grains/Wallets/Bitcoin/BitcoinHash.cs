using System.Security.Cryptography;
using System.Text;

namespace OpenBitum.Wallets;

/// <summary>The hashes that Bitcoin composes from SHA-256 and RIPEMD-160.</summary>
internal static class BitcoinHash
{
    public const int Hash160Length = Ripemd160.HashLength;
    public const int Sha256Length = SHA256.HashSizeInBytes;

    private static readonly byte[] TapTweakTag = SHA256.HashData("TapTweak"u8);

    /// <summary>RIPEMD-160 of SHA-256: 20 bytes.</summary>
    public static void Hash160(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Span<byte> inner = stackalloc byte[Sha256Length];
        SHA256.HashData(data, inner);
        Ripemd160.Hash(inner, hash);
    }

    /// <summary>SHA-256 of SHA-256: 32 bytes.</summary>
    public static void DoubleSha256(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Span<byte> inner = stackalloc byte[Sha256Length];
        SHA256.HashData(data, inner);
        SHA256.HashData(inner, hash);
    }

    /// <summary>BIP340's tagged hash: SHA-256 of SHA-256(tag) twice, then the data.</summary>
    public static byte[] Tagged(string tag, ReadOnlySpan<byte> data)
    {
        var tagHash = SHA256.HashData(Encoding.UTF8.GetBytes(tag));
        return SHA256.HashData([.. tagHash, .. tagHash, .. data]);
    }

    /// <summary>
    /// The tweak of a taproot output without a script tree (BIP341, BIP86): the hash tagged TapTweak of the x-only key.
    /// </summary>
    public static void TapTweak(ReadOnlySpan<byte> xOnlyKey, Span<byte> tweak)
    {
        Span<byte> preimage = stackalloc byte[3 * Sha256Length];
        TapTweakTag.CopyTo(preimage);
        TapTweakTag.CopyTo(preimage[Sha256Length..]);
        xOnlyKey.CopyTo(preimage[(2 * Sha256Length)..]);
        SHA256.HashData(preimage, tweak);
    }
}
