using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OpenBitum.Chains;

/// <summary>
/// SipHash-1-3 (Aumasson and Bernstein): 64 bits under a secret key, so that nobody can make scripts that fall into one place of a
/// table. The variant with fewer rounds is what Rust's and Python's tables use.
/// </summary>
public sealed class SipHash(ulong key0, ulong key1)
{
    private readonly ulong start0 = key0 ^ 0x736f6d6570736575;
    private readonly ulong start1 = key1 ^ 0x646f72616e646f6d;
    private readonly ulong start2 = key0 ^ 0x6c7967656e657261;
    private readonly ulong start3 = key1 ^ 0x7465646279746573;

    public static SipHash WithRandomKey()
    {
        Span<ulong> key = stackalloc ulong[2];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(key));
        return new SipHash(key[0], key[1]);
    }

    public ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var (v0, v1, v2, v3) = (start0, start1, start2, start3);
        var last = (ulong)bytes.Length << 56;
        while (bytes.Length >= sizeof(ulong))
        {
            var word = MemoryMarshal.Read<ulong>(bytes);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
            bytes = bytes[sizeof(ulong)..];
        }

        for (var index = 0; index < bytes.Length; index++)
        {
            last |= (ulong)bytes[index] << (8 * index);
        }

        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;
        v2 ^= 0xff;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
