using System.Runtime.CompilerServices;

namespace OpenBitum.Wallets;

/// <summary>
/// A point of secp256k1, x and y multiplied by the square and the cube of a scale, infinity where that is zero: sums
/// of many points cost one division at the end instead of one each. Formulas: the Explicit-Formulas Database, short
/// Weierstrass curves with a = 0.
/// </summary>
internal readonly struct JacobianPoint
{
    private readonly FieldElement scaledX;
    private readonly FieldElement scaledY;
    private readonly FieldElement scale;

    private JacobianPoint(in FieldElement scaledX, in FieldElement scaledY, in FieldElement scale)
    {
        this.scaledX = scaledX;
        this.scaledY = scaledY;
        this.scale = scale;
    }

    public JacobianPoint(in AffinePoint point)
        : this(point.X, point.Y, FieldElement.One)
    {
    }

    public static JacobianPoint Infinity => default;

    public bool IsInfinity => scale.IsZero;

    /// <summary>2 * this (dbl-2009-l). No point of an odd-order group doubles to infinity but infinity itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public JacobianPoint Double()
    {
        var a = scaledX.Square();
        var b = scaledY.Square();
        var c = b.Square();
        var d = (scaledX + b).Square() - a - c;
        d += d;
        var e = a + a + a;
        var x = e.Square() - d - d;
        var c2 = c + c;
        var c4 = c2 + c2;
        var y = e * (d - x) - (c4 + c4);
        var yz = scaledY * scale;
        return new JacobianPoint(x, y, yz + yz);
    }

    /// <summary>this + other; the sums with infinity, with itself and with its negative come out right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public JacobianPoint Add(in AffinePoint other)
    {
        if (IsInfinity)
        {
            return new JacobianPoint(other);
        }

        var zz = scale.Square();
        var h = other.X * zz - scaledX;
        var r = other.Y * (zz * scale) - scaledY;
        if (h.IsZero)
        {
            return r.IsZero ? Double() : Infinity;
        }

        var hh = h.Square();
        var hhh = hh * h;
        var v = scaledX * hh;
        var x = r.Square() - hhh - v - v;
        var y = r * (v - x) - scaledY * hhh;
        return new JacobianPoint(x, y, scale * h);
    }

    /// <summary>
    /// Writes the affine form of each point with a single division (Montgomery's trick). Where a point is infinity,
    /// which has no affine form, its place in <paramref name="affine"/> is left as it was.
    /// </summary>
    public static void ToAffine(ReadOnlySpan<JacobianPoint> points, Span<AffinePoint> affine)
    {
        var productsBefore = new FieldElement[points.Length];
        var product = FieldElement.One;
        for (var i = 0; i < points.Length; i++)
        {
            productsBefore[i] = product;
            if (!points[i].IsInfinity)
            {
                product *= points[i].scale;
            }
        }

        var inverse = product.Inverse();
        for (var i = points.Length - 1; i >= 0; i--)
        {
            ref readonly var point = ref points[i];
            if (point.IsInfinity)
            {
                continue;
            }

            var zInverse = inverse * productsBefore[i];
            inverse *= point.scale;
            var zInverseSquared = zInverse.Square();
            affine[i] = new AffinePoint(point.scaledX * zInverseSquared, point.scaledY * (zInverseSquared * zInverse));
        }
    }

    /// <summary>False for infinity.</summary>
    public bool TryToAffine(out AffinePoint affine)
    {
        affine = default;
        if (IsInfinity)
        {
            return false;
        }

        ToAffine([this], new Span<AffinePoint>(ref affine));
        return true;
    }
}
