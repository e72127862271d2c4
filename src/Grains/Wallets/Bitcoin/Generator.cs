namespace OpenBitum.Wallets;

/// <summary>
/// Multiples of the generator G from a table: digit * 16^window * G for each of the 64 four-bit digits of a scalar, so
/// that a multiplication is at most 64 additions and no doubling. 60 KB, made on first use in about a millisecond;
/// wider digits would halve the additions for sixteen times the memory.
/// </summary>
internal static class Generator
{
    public const int ScalarLength = 32;

    private const int Windows = 64;
    private const int DigitsPerWindow = 15;

    private static readonly AffinePoint[] Table = BuildTable();

    /// <summary>The order n of the group (SEC 2, 2.4.1), big-endian.</summary>
    private static ReadOnlySpan<byte> Order =>
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE,
        0xBA, 0xAE, 0xDC, 0xE6, 0xAF, 0x48, 0xA0, 0x3B, 0xBF, 0xD2, 0x5E, 0x8C, 0xD0, 0x36, 0x41, 0x41,
    ];

    /// <summary>Whether 32 big-endian bytes are below the order n, as tweaks must be (BIP32, BIP341).</summary>
    public static bool IsBelowOrder(ReadOnlySpan<byte> scalar) => scalar.SequenceCompareTo(Order) < 0;

    /// <summary>point + scalar * G, for a scalar of 32 big-endian bytes.</summary>
    public static JacobianPoint AddMultiple(in JacobianPoint point, ReadOnlySpan<byte> scalar)
    {
        var sum = point;
        for (var window = 0; window < Windows; window++)
        {
            var pair = scalar[ScalarLength - 1 - window / 2];
            var digit = (window & 1) == 0 ? pair & 15 : pair >> 4;
            if (digit != 0)
            {
                sum = sum.Add(Table[window * DigitsPerWindow + digit - 1]);
            }
        }

        return sum;
    }

    private static AffinePoint[] BuildTable()
    {
        var powers = new JacobianPoint[Windows];
        var power = new JacobianPoint(AffinePoint.Generator);
        for (var window = 0; window < Windows; window++)
        {
            powers[window] = power;
            power = power.Double().Double().Double().Double();
        }

        var bases = new AffinePoint[Windows];
        JacobianPoint.ToAffine(powers, bases);

        var multiples = new JacobianPoint[Windows * DigitsPerWindow];
        for (var window = 0; window < Windows; window++)
        {
            var multiple = JacobianPoint.Infinity;
            for (var digit = 1; digit <= DigitsPerWindow; digit++)
            {
                multiple = multiple.Add(bases[window]);
                multiples[window * DigitsPerWindow + digit - 1] = multiple;
            }
        }

        var table = new AffinePoint[multiples.Length];
        JacobianPoint.ToAffine(multiples, table);
        return table;
    }
}
