namespace OpenBitum.Wallets;

/// <summary>
/// Output keys of taproot without a script tree: Q = P + TapTweak(x(P)) * G for the P with even y (BIP341, BIP86).
/// </summary>
internal static class TaprootOutput
{
    /// <summary>
    /// Replaces internal keys by their output keys with a single division. Where a point is infinity its key is passed
    /// over; where the tweak is out of range, which nobody has ever met, the point becomes infinity.
    /// </summary>
    public static void Tweak(Span<JacobianPoint> points, Span<AffinePoint> keys)
    {
        Span<byte> xOnly = stackalloc byte[BitcoinHash.Sha256Length];
        Span<byte> tweak = stackalloc byte[BitcoinHash.Sha256Length];
        for (var i = 0; i < points.Length; i++)
        {
            if (!points[i].IsInfinity)
            {
                keys[i].X.Write(xOnly);
                BitcoinHash.TapTweak(xOnly, tweak);
                points[i] = ChildKeys.Tweak(keys[i].WithEvenY, tweak);
            }
        }

        JacobianPoint.ToAffine(points, keys);
    }
}
