using System.Globalization;
using System.Numerics;

namespace OpenBitum.Money;

/// <summary>Money: an asset and whole atoms of it. Arithmetic between different assets is a bug and throws.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.money.amount")]
[System.Text.Json.Serialization.JsonConverter(typeof(AmountJsonConverter))]
public readonly record struct Amount([property: Id(0)] Asset Asset, [property: Id(1)] Int128 Atoms) : IComparable<Amount>
{
    /// <summary>More digits than any real price or balance has; keeps every product of two amounts far from overflow.</summary>
    public const int MaximumDigits = 27;

    /// <summary>The most that can be written and read back.</summary>
    public static Int128 MaximumAtoms { get; } = (Int128)BigInteger.Pow(10, MaximumDigits) - 1;

    public static Amount Zero(Asset asset) => new(asset, 0);

    public bool IsZero => Atoms == 0;

    public static Amount operator +(Amount left, Amount right) => new(Same(left, right), checked(left.Atoms + right.Atoms));

    public static Amount operator -(Amount left, Amount right) => new(Same(left, right), checked(left.Atoms - right.Atoms));

    public static Amount operator *(Amount amount, int factor) => new(amount.Asset, checked(amount.Atoms * factor));

    public static bool operator <(Amount left, Amount right) => left.CompareTo(right) < 0;

    public static bool operator >(Amount left, Amount right) => left.CompareTo(right) > 0;

    public static bool operator <=(Amount left, Amount right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Amount left, Amount right) => left.CompareTo(right) >= 0;

    public int CompareTo(Amount other)
    {
        Same(this, other);
        return Atoms.CompareTo(other.Atoms);
    }

    /// <summary>
    /// Reads a plain decimal such as `19.90`: digits, at most one point, no sign, exponent or space.
    /// False when the form is wrong or there are more digits after the point than the asset has.
    /// </summary>
    public static bool TryParse(string text, Asset asset, out Amount amount)
    {
        amount = Zero(asset);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? "" : text[(point + 1)..];
        if (whole.Length == 0 || (point >= 0 && fraction.Length == 0) || fraction.Length > asset.Decimals
            || whole.Length + asset.Decimals > MaximumDigits
            || whole.AsSpan().ContainsAnyExceptInRange('0', '9') || fraction.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var digits = whole + fraction.PadRight(asset.Decimals, '0');
        amount = new Amount(asset, Int128.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>The decimal text: a currency with all its digits (`19.90`), an asset in its shortest form (`0.0005`).</summary>
    public string ToDecimal()
    {
        var digits = Int128.Abs(Atoms).ToString(CultureInfo.InvariantCulture).PadLeft(Asset.Decimals + 1, '0');
        var whole = digits[..^Asset.Decimals];
        var fraction = digits[^Asset.Decimals..];
        if (!Asset.IsCurrency)
        {
            fraction = fraction.TrimEnd('0');
        }

        var sign = Atoms < 0 ? "-" : "";
        return fraction.Length == 0 ? sign + whole : $"{sign}{whole}.{fraction}";
    }

    public override string ToString() => $"{ToDecimal()} {Asset}";

    /// <summary>dividend / divisor in atoms, both above zero, rounded up.</summary>
    public static BigInteger DivideRoundingUp(BigInteger dividend, BigInteger divisor) =>
        (dividend + divisor - BigInteger.One) / divisor;

    private static Asset Same(Amount left, Amount right) =>
        left.Asset.Code == right.Asset.Code
            ? left.Asset
            : throw new InvalidOperationException($"{left} and {right} are not of one asset.");
}
