using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace OpenBitum.Wallets;

/// <summary>Bytes that follow from a seed: SHA-256 of the seed and a counter, so that a failure can be repeated.</summary>
internal sealed class SeededBytes(string seed)
{
    private readonly byte[] key = SHA256.HashData(Encoding.UTF8.GetBytes(seed));
    private int counter;

    public byte[] Next32()
    {
        Span<byte> count = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(count, counter++);
        return SHA256.HashData([.. key, .. count]);
    }

    public BigInteger Next() => new(Next32(), isUnsigned: true, isBigEndian: true);
}
