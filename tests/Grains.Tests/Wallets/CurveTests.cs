using System.Globalization;
using System.Numerics;

namespace OpenBitum.Wallets;

public sealed class CurveTests
{
    private static readonly BigInteger N = BigInteger.Parse(
        "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141",
        NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);

    [Fact]
    public void The_table_gives_what_doubling_and_adding_gives()
    {
        var seeded = new SeededBytes("table");
        BigInteger[] scalars =
            [1, 2, 3, 15, 16, 17, 255, 256, N - 1, N - 2, N >> 1, (N >> 1) + 1, .. Several(seeded, 30)];
        foreach (var scalar in scalars)
        {
            Assert.Equal(DoubleAndAdd(AffinePoint.Generator, scalar), Affine(Multiple(scalar)));
        }
    }

    [Theory]
    [InlineData("1", "0279BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798")]
    [InlineData("2", "02C6047F9441ED7D6D3045406E95C07CD85C778E4B8CEF3CA7ABAC09B95C709EE5")]
    [InlineData("3", "02F9308A019258C31049344F85F89D5229B531C845836F99B08601F113BCE036F9")]
    [InlineData("20", "024CE119C96E2FA357200B559B2F7DD5A5F02D5290AFF74B03F3E471B273211C97")]
    [InlineData("112233445566778899", "02A90CC3D3F3E146DAADFC74CA1372207CB4B725AE708CEF713A98EDD73D99EF29")]
    public void Multiples_of_the_generator_are_the_published_ones(string scalar, string compressed)
    {
        var point = Affine(Multiple(BigInteger.Parse(scalar, CultureInfo.InvariantCulture)));
        Assert.Equal(compressed, Convert.ToHexString(point.ToCompressed()));
    }

    [Fact]
    public void Tweaking_twice_is_tweaking_by_the_sum()
    {
        var seeded = new SeededBytes("tweaks");
        for (var i = 0; i < 40; i++)
        {
            var point = Affine(Multiple(seeded.Next() % N));
            var (a, b) = (seeded.Next() % N, seeded.Next() % N);
            var once = Affine(ChildKeys.Tweak(point, FieldElementTests.Bytes((a + b) % N)));
            var first = Affine(ChildKeys.Tweak(point, FieldElementTests.Bytes(a)));
            var twice = Affine(ChildKeys.Tweak(first, FieldElementTests.Bytes(b)));
            Assert.Equal(once, twice);
            Assert.True(once.IsOnCurve);
        }
    }

    [Fact]
    public void Sums_with_itself_its_negative_and_infinity_come_out_right()
    {
        var point = Affine(Multiple(12345));
        var sum = new JacobianPoint(point);

        Assert.Equal(Affine(sum.Double()), Affine(sum.Add(point)));
        Assert.True(sum.Add(point.Negated).IsInfinity);
        Assert.Equal(point, Affine(JacobianPoint.Infinity.Add(point)));
        Assert.True(JacobianPoint.Infinity.Double().IsInfinity);
        Assert.False(JacobianPoint.Infinity.TryToAffine(out _));

        // The same two, met in the middle of a table walk and with a scale other than one.
        var scaled = sum.Double().Add(point.Negated);
        Assert.Equal(Affine(sum.Double()), Affine(scaled.Add(point)));
        Assert.True(scaled.Add(point.Negated).IsInfinity);
    }

    [Fact]
    public void A_tweak_that_makes_infinity_or_is_not_below_the_order_makes_no_key()
    {
        var point = Affine(Multiple(12345));

        Assert.True(ChildKeys.Tweak(point, FieldElementTests.Bytes(N - 12345)).IsInfinity);
        Assert.True(ChildKeys.Tweak(point, FieldElementTests.Bytes(N)).IsInfinity);
        Assert.True(ChildKeys.Tweak(point, FieldElementTests.Bytes(N + 1)).IsInfinity);
        Assert.False(ChildKeys.Tweak(point, FieldElementTests.Bytes(N - 12344)).IsInfinity);
        Assert.Equal(point, Affine(ChildKeys.Tweak(point, new byte[32])));
        Assert.Equal(
            Affine(Multiple(12344)), Affine(ChildKeys.Tweak(point, FieldElementTests.Bytes(N - 1))));
    }

    // The first case of BIP341's wallet test vectors: an internal key without a script tree.
    [Fact]
    public void A_taproot_output_key_is_the_published_one_whatever_the_parity_of_its_internal_key()
    {
        var x = Convert.FromHexString("d6889cb081036e0faefa3a35157ad71086b123b2b144b649798b494c300a961d");
        foreach (var odd in new[] { false, true })
        {
            Assert.True(AffinePoint.TryLift(x, odd, out var point));
            JacobianPoint[] points = [JacobianPoint.Infinity, new JacobianPoint(point)];
            AffinePoint[] keys = [default, point];
            TaprootOutput.Tweak(points, keys);
            Assert.True(points[0].IsInfinity);
            Assert.Equal(
                "512053a1f6e454df1aa2776a2814a721372d6258050de330b3c6d10ee8f4e0dda343",
                Convert.ToHexStringLower(OutputScript.For(ScriptType.P2tr, keys[1])));
        }
    }

    [Fact]
    public void Many_points_become_affine_as_one_does_and_infinity_among_them_is_passed_over()
    {
        var seeded = new SeededBytes("batch");
        var points = Enumerable.Range(0, 20)
            .Select(i => i % 7 == 3 ? JacobianPoint.Infinity : Multiple(seeded.Next() % N))
            .ToArray();
        var affine = new AffinePoint[points.Length];
        JacobianPoint.ToAffine(points, affine);

        for (var i = 0; i < points.Length; i++)
        {
            Assert.Equal(points[i].IsInfinity ? default : Affine(points[i]), affine[i]);
        }
    }

    [Fact]
    public void Points_survive_their_compressed_form_and_others_are_refused()
    {
        var seeded = new SeededBytes("compressed");
        for (var i = 0; i < 20; i++)
        {
            var point = Affine(Multiple(seeded.Next() % N));
            Assert.True(AffinePoint.TryReadCompressed(point.ToCompressed(), out var read));
            Assert.Equal(point, read);
            Assert.False(point.WithEvenY.Y.IsOdd);
        }

        var bytes = AffinePoint.Generator.ToCompressed();
        Assert.False(AffinePoint.TryReadCompressed(bytes.AsSpan(1), out _));
        Assert.False(AffinePoint.TryReadCompressed([4, .. bytes[1..]], out _));

        // 5 is the x of no point of the curve.
        Assert.False(AffinePoint.TryReadCompressed([2, .. FieldElementTests.Bytes(5)], out _));
    }

    private static IEnumerable<BigInteger> Several(SeededBytes seeded, int count) =>
        Enumerable.Range(0, count).Select(_ => seeded.Next() % N);

    private static JacobianPoint Multiple(BigInteger scalar) =>
        Generator.AddMultiple(JacobianPoint.Infinity, FieldElementTests.Bytes(scalar));

    private static AffinePoint Affine(JacobianPoint point)
    {
        Assert.True(point.TryToAffine(out var affine));
        return affine;
    }

    private static AffinePoint DoubleAndAdd(AffinePoint point, BigInteger scalar)
    {
        var sum = JacobianPoint.Infinity;
        for (var bit = (int)scalar.GetBitLength() - 1; bit >= 0; bit--)
        {
            sum = sum.Double();
            sum = (scalar >> bit & 1) == 1 ? sum.Add(point) : sum;
        }

        return Affine(sum);
    }
}
