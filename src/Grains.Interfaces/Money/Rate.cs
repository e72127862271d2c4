using System.Numerics;

namespace OpenBitum.Money;

/// <summary>What one whole unit of an asset is worth in a currency, as an exact decimal: <c>Value / 10^Scale</c>.</summary>
/// <param name="Asset">What is bought, e.g. BTC.</param>
/// <param name="Currency">What it is priced in, e.g. USD.</param>
/// <param name="Value">Whole number, above zero.</param>
/// <param name="Scale">Digits after the point in <paramref name="Value"/>; 0 to 18.</param>
/// <param name="Source">Where it came from: `fixed`, or the names of the public sources.</param>
[GenerateSerializer, Immutable, Alias("openbitum.money.rate")]
public sealed record Rate(
    [property: Id(0)] Asset Asset,
    [property: Id(1)] Asset Currency,
    [property: Id(2)] Int128 Value,
    [property: Id(3)] int Scale,
    [property: Id(4)] string Source)
{
    /// <summary>An asset in itself: what a product priced in the asset uses.</summary>
    public static Rate Identity(Asset asset) => new(asset, asset, 1, 0, "none");

    /// <summary>Reads a plain decimal such as `60000` or `0.9985`, above zero, with up to 18 digits after the point.</summary>
    public static bool TryParse(string text, Asset asset, Asset currency, string source, out Rate rate)
    {
        var decimals = text.Length - 1 - text.IndexOf('.', StringComparison.Ordinal);
        var scale = text.Contains('.', StringComparison.Ordinal) ? decimals : 0;
        rate = Identity(asset);
        if (scale > 18 || !Amount.TryParse(text, new Asset("rate", scale, true), out var value) || value.Atoms <= 0)
        {
            return false;
        }

        rate = new Rate(asset, currency, value.Atoms, scale, source);
        return true;
    }

    /// <summary>As <see cref="ConvertRoundingUp"/>; false when the result has more digits than an amount holds.</summary>
    public bool TryConvertRoundingUp(Amount total, out Amount converted)
    {
        var atoms = AtomsRoundingUp(total);
        var fits = atoms <= Amount.MaximumAtoms;
        converted = fits ? new Amount(Asset, (Int128)atoms) : Amount.Zero(Asset);
        return fits;
    }

    /// <summary>How many atoms of the asset pay for this much currency: never less than it is worth, so rounded up.</summary>
    public Amount ConvertRoundingUp(Amount total) => new(Asset, (Int128)AtomsRoundingUp(total));

    /// <summary>The decimal text of the rate, shortest form.</summary>
    public string ToDecimal() => new Amount(new Asset("rate", Scale, false), Value).ToDecimal();

    private BigInteger AtomsRoundingUp(Amount total)
    {
        if (total.Asset.Code != Currency.Code)
        {
            throw new InvalidOperationException($"A rate in {Currency} cannot convert {total}.");
        }

        var dividend = (BigInteger)total.Atoms * BigInteger.Pow(10, Asset.Decimals + Scale);
        var divisor = (BigInteger)Value * BigInteger.Pow(10, Currency.Decimals);
        return Amount.DivideRoundingUp(dividend, divisor);
    }
}
