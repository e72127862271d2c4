using System.Collections.Immutable;
using OpenBitum.Money;
using OpenBitum.Settings;

namespace OpenBitum.Checkout;

/// <summary>Section `Rates`: what an asset is worth.</summary>
public sealed record RatesOptions : ICheckedSettings
{
    /// <summary>`Rates:Fixed:BTC:USD=60000`: one whole unit of the asset in the currency; a plain decimal above 0, at most 18 digits after the point.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Fixed { get; init; } =
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty;

    public IEnumerable<SettingProblem> Check(string section)
    {
        foreach (var (code, rates) in Fixed)
        {
            if (Asset.Crypto(code.ToUpperInvariant()) is not { } asset)
            {
                yield return new SettingProblem($"{section}:{nameof(Fixed)}:{code}", "is no asset of this service; write BTC, LTC or SANDBOX.");
                continue;
            }

            foreach (var (currency, text) in rates)
            {
                var key = $"{section}:{nameof(Fixed)}:{code}:{currency}";
                if (Asset.Currency(currency.ToUpperInvariant()) is not { } known)
                {
                    yield return new SettingProblem(key, "names no currency; write a code of ISO 4217 such as USD.");
                }
                else if (!Rate.TryParse(text, asset, known, FixedRates.Source, out _))
                {
                    yield return new SettingProblem(
                        key, $"is '{text}'; write a plain decimal above 0 with at most 18 digits after the point, such as 60000 or 0.9985.");
                }
            }
        }
    }
}
