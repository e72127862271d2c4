using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OpenBitum.Wallets;

/// <summary>Public derivation of BIP32 (CKDpub), one child or a range of them with a single division.</summary>
internal static class ChildKeys
{
    private const int PreimageLength = AffinePoint.CompressedLength + sizeof(uint);

    /// <summary>One child and its chain code; false when BIP32 calls the number invalid.</summary>
    public static bool TryDerive(
        in AffinePoint parent,
        ReadOnlySpan<byte> chainCode,
        uint childNumber,
        out AffinePoint child,
        out byte[] childChainCode)
    {
        Span<byte> preimage = stackalloc byte[PreimageLength];
        parent.WriteCompressed(preimage);
        var hash = new byte[HMACSHA512.HashSizeInBytes];
        Hash(chainCode, preimage, childNumber, hash);
        childChainCode = hash[Generator.ScalarLength..];
        return Tweak(parent, hash.AsSpan(..Generator.ScalarLength)).TryToAffine(out child);
    }

    /// <summary>
    /// The children <paramref name="first"/>, first + 1, … as many as there is room for. Those that BIP32 calls invalid
    /// are infinity.
    /// </summary>
    public static void Derive(
        in AffinePoint parent,
        ReadOnlySpan<byte> chainCode,
        uint first,
        Span<JacobianPoint> children)
    {
        Span<byte> preimage = stackalloc byte[PreimageLength];
        parent.WriteCompressed(preimage);
        Span<byte> hash = stackalloc byte[HMACSHA512.HashSizeInBytes];
        for (var i = 0; i < children.Length; i++)
        {
            Hash(chainCode, preimage, first + (uint)i, hash);
            children[i] = Tweak(parent, hash[..Generator.ScalarLength]);
        }
    }

    /// <summary>
    /// point + tweak * G, or infinity for a tweak that is not below the order of the group: the rule of BIP32 for a
    /// child and of BIP341 for an output key.
    /// </summary>
    public static JacobianPoint Tweak(in AffinePoint point, ReadOnlySpan<byte> tweak) =>
        Generator.IsBelowOrder(tweak)
            ? Generator.AddMultiple(new JacobianPoint(point), tweak)
            : JacobianPoint.Infinity;

    private static void Hash(ReadOnlySpan<byte> chainCode, Span<byte> preimage, uint childNumber, Span<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(childNumber, ExtendedKey.FirstHardened);
        BinaryPrimitives.WriteUInt32BigEndian(preimage[AffinePoint.CompressedLength..], childNumber);
        HMACSHA512.HashData(chainCode, preimage, hash);
    }
}
