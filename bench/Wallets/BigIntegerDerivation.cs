using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace OpenBitum.Bench;

/// <summary>
/// The reference of the derivation: the textbook's affine arithmetic over System.Numerics.BigInteger, doubling and adding, one
/// inversion at each step.
/// </summary>
internal static class BigIntegerDerivation
{
    private static readonly BigInteger P = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 32) - 977;

    private static readonly (BigInteger X, BigInteger Y) G = (
        Hex("79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798"),
        Hex("483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8"));

    /// <summary>The compressed public key of a child (CKDpub of BIP32).</summary>
    public static byte[] Child(byte[] parent, byte[] chainCode, uint index)
    {
        Span<byte> preimage = stackalloc byte[37];
        parent.CopyTo(preimage);
        BinaryPrimitives.WriteUInt32BigEndian(preimage[33..], index);
        var tweak = new BigInteger(HMACSHA512.HashData(chainCode, preimage).AsSpan(..32), isUnsigned: true, isBigEndian: true);
        return Compress(Add(Multiply(tweak), Decompress(parent)));
    }

    private static (BigInteger X, BigInteger Y) Multiply(BigInteger scalar)
    {
        (BigInteger X, BigInteger Y)? sum = null;
        for (var bit = (int)scalar.GetBitLength() - 1; bit >= 0; bit--)
        {
            sum = sum is { } twice ? Add(twice, twice) : null;
            if (!(scalar >> bit).IsEven)
            {
                sum = sum is { } before ? Add(before, G) : G;
            }
        }

        return sum!.Value;
    }

    private static (BigInteger X, BigInteger Y) Add((BigInteger X, BigInteger Y) left, (BigInteger X, BigInteger Y) right)
    {
        var slope = left.X == right.X
            ? 3 * left.X * left.X * Inverse(2 * left.Y % P)
            : (right.Y - left.Y) * Inverse(Mod(right.X - left.X));
        var x = Mod(slope * slope - left.X - right.X);
        return (x, Mod(slope * (left.X - x) - left.Y));
    }

    /// <summary>By the extended Euclidean algorithm, ten times as fast here as Fermat's power.</summary>
    private static BigInteger Inverse(BigInteger value)
    {
        var (remainder, next) = (P, value);
        var (factor, nextFactor) = (BigInteger.Zero, BigInteger.One);
        while (!next.IsZero)
        {
            var quotient = BigInteger.DivRem(remainder, next, out var rest);
            (remainder, next) = (next, rest);
            (factor, nextFactor) = (nextFactor, factor - quotient * nextFactor);
        }

        return Mod(factor);
    }

    private static (BigInteger X, BigInteger Y) Decompress(byte[] key)
    {
        var x = new BigInteger(key.AsSpan(1), isUnsigned: true, isBigEndian: true);
        var y = BigInteger.ModPow(x * x * x + 7, (P + 1) / 4, P);
        return (x, y.IsEven == (key[0] == 2) ? y : P - y);
    }

    private static byte[] Compress((BigInteger X, BigInteger Y) point)
    {
        var key = new byte[33];
        key[0] = point.Y.IsEven ? (byte)2 : (byte)3;
        var x = point.X.ToByteArray(isUnsigned: true, isBigEndian: true);
        x.CopyTo(key, key.Length - x.Length);
        return key;
    }

    private static BigInteger Mod(BigInteger value) => (value % P + P) % P;

    private static BigInteger Hex(string digits) => BigInteger.Parse("0" + digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
