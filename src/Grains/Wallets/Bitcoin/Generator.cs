namespace OpenBitum.Wallets;

/// <summary>
/// Multiples of the generator G from a table: digit * 256^window * G for each byte of a scalar, so that a multiplication
/// is at most 32 additions and no doubling. Half a megabyte, made on first use in about ten milliseconds; a table by
/// half bytes would be a sixteenth of that and cost twice the additions.
/// </summary>
internal static class Generator
{
    public const int ScalarLength = 32;

    private const int Windows = ScalarLength;
    private const int DigitsPerWindow = 255;

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
            var digit = scalar[ScalarLength - 1 - window];
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
            for (var bit = 0; bit < 8; bit++)
            {
                power = power.Double();
            }
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
