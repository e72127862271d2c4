using System.Numerics;

namespace OpenBitum.Wallets;

public sealed class FieldElementTests
{
    private static readonly BigInteger P = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 32) - 977;

    // The values around each carry, and random ones.
    private static readonly BigInteger[] Values =
    [
        0, 1, 2, 7, P - 1, P - 2, ulong.MaxValue, (BigInteger.One << 64), (BigInteger.One << 128) - 1,
        (BigInteger.One << 192) - 1, (BigInteger.One << 255), P >> 1, (P >> 1) + 1, (BigInteger.One << 32) + 977,
        P - (BigInteger.One << 32) - 977, .. Random(40),
    ];

    [Fact]
    public void Sums_differences_and_products_are_those_of_big_integers()
    {
        foreach (var a in Values)
        {
            foreach (var b in Values)
            {
                var (left, right) = (Read(a), Read(b));
                Assert.Equal(Mod(a + b), Write(left + right));
                Assert.Equal(Mod(a - b), Write(left - right));
                Assert.Equal(Mod(a * b), Write(left * right));
            }

            Assert.Equal(Mod(a * a), Write(Read(a).Square()));
            Assert.Equal(Mod(-a), Write(-Read(a)));
        }
    }

    [Fact]
    public void An_inverse_times_its_number_is_one_and_that_of_zero_is_zero()
    {
        foreach (var a in Values.Where(value => !value.IsZero))
        {
            Assert.Equal(FieldElement.One, Read(a) * Read(a).Inverse());
        }

        Assert.Equal(FieldElement.Zero, FieldElement.Zero.Inverse());
    }

    [Fact]
    public void A_square_has_a_root_and_its_negative_has_none()
    {
        foreach (var a in Values.Where(value => !value.IsZero))
        {
            var square = Read(a).Square();
            Assert.True(square.TrySquareRoot(out var root), $"{a}^2 has a root");
            Assert.True(root.Equals(Read(a)) || root.Equals(-Read(a)), $"the root of {a}^2 is {a} or its negative");

            // p = 3 mod 4, so -1 is no square.
            Assert.False((-square).TrySquareRoot(out _), $"-({a}^2) has no root");
        }
    }

    [Fact]
    public void A_number_is_read_below_p_only()
    {
        Assert.True(FieldElement.TryRead(Bytes(P - 1), out _));
        Assert.False(FieldElement.TryRead(Bytes(P), out _));
        Assert.False(FieldElement.TryRead(Bytes(P + 1), out _));
        Assert.False(FieldElement.TryRead(Bytes((BigInteger.One << 256) - 1), out _));
    }

    internal static byte[] Bytes(BigInteger value)
    {
        var bytes = new byte[32];
        var written = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(bytes, 32 - written.Length);
        return bytes;
    }

    private static BigInteger[] Random(int count)
    {
        var seeded = new SeededBytes("field");
        return [.. Enumerable.Range(0, count).Select(_ => seeded.Next() % P)];
    }

    private static BigInteger Mod(BigInteger value) => ((value % P) + P) % P;

    private static FieldElement Read(BigInteger value)
    {
        Assert.True(FieldElement.TryRead(Bytes(value), out var element));
        return element;
    }

    private static BigInteger Write(FieldElement value)
    {
        Span<byte> bytes = stackalloc byte[32];
        value.Write(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }
}
