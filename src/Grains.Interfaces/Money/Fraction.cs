using System.Numerics;

namespace OpenBitum.Money;

/// <summary>An exact quotient of whole numbers, for what takes several steps and is rounded once, at its end. Never below zero.</summary>
public readonly record struct Fraction(BigInteger Numerator, BigInteger Denominator)
{
    public static Fraction Of(decimal number)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        return new Fraction(new BigInteger(new decimal(bits[0], bits[1], bits[2], false, 0)), BigInteger.Pow(10, number.Scale));
    }

    /// <summary>In whole units of its asset, so that 19.90 USD is 199/10.</summary>
    public static Fraction Of(Amount amount) => new(amount.Atoms, BigInteger.Pow(10, amount.Asset.Decimals));

    /// <summary>What one whole unit of the asset is worth.</summary>
    public static Fraction Of(Rate rate) => new(rate.Value, BigInteger.Pow(10, rate.Scale));

    public static Fraction operator *(Fraction left, Fraction right) =>
        new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    public static Fraction operator /(Fraction left, Fraction right) =>
        new(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    public BigInteger RoundDown() => Numerator / Denominator;

    /// <summary>To the nearest whole number; a half goes up.</summary>
    public BigInteger RoundHalfUp() => ((2 * Numerator) + Denominator) / (2 * Denominator);
}
