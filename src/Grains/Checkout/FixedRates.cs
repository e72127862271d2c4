using System.Collections.Frozen;
using OpenBitum.Money;

namespace OpenBitum.Checkout;

/// <summary>The rates of the configuration.</summary>
public sealed class FixedRates
{
    public const string Source = "fixed";

    /// <summary>Play money is worth one of anything, so that a first sale needs no rates.</summary>
    public const string SandboxSource = "sandbox";

    private readonly FrozenDictionary<(string Asset, string Currency), Rate> rates;

    public FixedRates(RatesOptions options) =>
        rates = Read(options).ToFrozenDictionary(rate => (rate.Asset.Code, rate.Currency.Code));

    /// <summary>What one unit of the asset is worth in what a price is in; null when nobody has said it.</summary>
    public Rate? Find(Asset asset, Asset priced)
    {
        if (asset == priced)
        {
            return Rate.Identity(asset);
        }

        if (rates.TryGetValue((asset.Code, priced.Code), out var rate))
        {
            return rate;
        }

        return asset == Asset.Sandbox && priced.IsCurrency ? new Rate(asset, priced, 1, 0, SandboxSource) : null;
    }

    private static IEnumerable<Rate> Read(RatesOptions options)
    {
        foreach (var (code, currencies) in options.Fixed)
        {
            foreach (var (currency, text) in currencies)
            {
                // What does not read was refused with its key before anything starts.
                if (Asset.Crypto(code.ToUpperInvariant()) is { } asset && Asset.Currency(currency.ToUpperInvariant()) is { } known
                    && Rate.TryParse(text, asset, known, Source, out var rate))
                {
                    yield return rate;
                }
            }
        }
    }
}
