namespace OpenBitum.Money;

/// <summary>
/// What is counted: a currency of ISO 4217 or a crypto asset, with the number of decimal digits of its smallest unit, the atom.
/// </summary>
/// <param name="Code">`USD`, `BTC`, `SANDBOX`, …</param>
/// <param name="Decimals">Digits after the point: 2 for USD, 8 for BTC; 0 to 18.</param>
/// <param name="IsCurrency">True for ISO 4217 currencies.</param>
[GenerateSerializer, Immutable, Alias("openbitum.money.asset")]
public sealed record Asset(
    [property: Id(0)] string Code,
    [property: Id(1)] int Decimals,
    [property: Id(2)] bool IsCurrency)
{
    public static Asset Bitcoin { get; } = new("BTC", 8, false);

    public static Asset Litecoin { get; } = new("LTC", 8, false);

    public static Asset Sandbox { get; } = new("SANDBOX", 8, false);

    /// <summary>The crypto asset with this code, null when the instance knows none.</summary>
    public static Asset? Crypto(string code) => code switch
    {
        "BTC" => Bitcoin,
        "LTC" => Litecoin,
        "SANDBOX" => Sandbox,
        _ => null,
    };

    /// <summary>The currency with this ISO 4217 code, null when there is none.</summary>
    public static Asset? Currency(string code) =>
        Iso4217.Digits(code) is { } digits ? new Asset(code, digits, true) : null;

    public override string ToString() => Code;
}
