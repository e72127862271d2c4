namespace OpenBitum.Wallets;

/// <summary>
/// A point of secp256k1, y^2 = x^3 + 7, other than infinity. Every instance that was read or computed here is on the
/// curve; the curve has prime order, so it is in the right group too.
/// </summary>
internal readonly record struct AffinePoint(FieldElement X, FieldElement Y)
{
    /// <summary>Bytes of the compressed form (SEC 1, 2.3.3): 02 or 03 for the parity of y, then x.</summary>
    public const int CompressedLength = 33;

    public const int UncompressedLength = 65;

    /// <summary>The generator of secp256k1 (SEC 2, 2.4.1).</summary>
    public static AffinePoint Generator { get; } = Read(
        "79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798",
        "483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8");

    public AffinePoint Negated => new(X, -Y);

    /// <summary>The point with this x whose y is even: what an x-only key stands for (BIP340).</summary>
    public AffinePoint WithEvenY => Y.IsOdd ? Negated : this;

    public bool IsOnCurve => Y.Square().Equals(X.Square() * X + FieldElement.Seven);

    /// <summary>Reads the 33-byte form; false for another prefix, x not below p, or an x without a point.</summary>
    public static bool TryReadCompressed(ReadOnlySpan<byte> bytes, out AffinePoint point)
    {
        point = default;
        return bytes.Length == CompressedLength
            && bytes[0] is 2 or 3
            && TryLift(bytes[1..], odd: bytes[0] == 3, out point);
    }

    /// <summary>Reads the 65-byte form that begins with 04; false when it is not on the curve.</summary>
    public static bool TryReadUncompressed(ReadOnlySpan<byte> bytes, out AffinePoint point)
    {
        point = default;
        if (bytes.Length != UncompressedLength
            || bytes[0] != 4
            || !FieldElement.TryRead(bytes[1..33], out var x)
            || !FieldElement.TryRead(bytes[33..], out var y))
        {
            return false;
        }

        point = new AffinePoint(x, y);
        return point.IsOnCurve;
    }

    /// <summary>The point with this x (32 bytes, big-endian) and the given parity of y; false when there is none.</summary>
    public static bool TryLift(ReadOnlySpan<byte> xBigEndian, bool odd, out AffinePoint point)
    {
        point = default;
        if (!FieldElement.TryRead(xBigEndian, out var x)
            || !(x.Square() * x + FieldElement.Seven).TrySquareRoot(out var y))
        {
            return false;
        }

        point = new AffinePoint(x, y.IsOdd == odd ? y : -y);
        return true;
    }

    /// <summary>Writes the 33-byte form.</summary>
    public void WriteCompressed(Span<byte> bytes)
    {
        bytes[0] = Y.IsOdd ? (byte)3 : (byte)2;
        X.Write(bytes[1..]);
    }

    public byte[] ToCompressed()
    {
        var bytes = new byte[CompressedLength];
        WriteCompressed(bytes);
        return bytes;
    }

    private static AffinePoint Read(string x, string y) =>
        TryReadUncompressed([4, .. Convert.FromHexString(x), .. Convert.FromHexString(y)], out var point)
            ? point
            : throw new InvalidOperationException("A constant of the curve is not on the curve.");
}
