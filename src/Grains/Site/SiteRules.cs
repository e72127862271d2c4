using System.Collections.Immutable;
using OpenBitum.Branding;
using OpenBitum.Problems;

namespace OpenBitum.Site;

/// <summary>What the fields of the site document may hold.</summary>
public static class SiteRules
{
    public const int BrandNameLength = 80;
    public const int MostPct = 100;
    public const int PctDigits = 4;
    public const int RatioDigits = 8;

    /// <summary>The tokens of the contract, whether or not a chain of theirs is configured.</summary>
    public static ImmutableArray<string> KnownTokens { get; } = ["ETH", "USDC", "USDT", "cbBTC", "cbXRP"];

    /// <summary>The problems of the fields that are set.</summary>
    public static ImmutableArray<FieldProblem> Of(SiteFields fields, ImmutableArray<string> tokens) =>
        [.. Theme(fields.Theme).OfType<FieldProblem>(), .. Terms(fields, KnownTokens.Union(tokens).ToArray())];

    /// <summary>What was fine piece by piece may be too much together.</summary>
    public static ImmutableArray<FieldProblem> OfMerged(SiteView site) =>
        site.ReserveRatios is { } ratios && ratios.Values.Sum() > 1
            ? [new FieldProblem("reserveRatios", FieldProblemCode.OutOfRange, "All shares together are 1 at most.")]
            : [];

    private static IEnumerable<FieldProblem?> Theme(SiteThemeFields theme) =>
    [
        ThemeRules.Colour("theme.primaryColor", theme.PrimaryColor),
        ThemeRules.Colour("theme.secondaryColor", theme.SecondaryColor),
        ThemeRules.Picture("theme.brandLogoUrl", theme.BrandLogoUrl),
        ThemeRules.Picture("theme.brandFaviconUrl", theme.BrandFaviconUrl),
        ThemeRules.Title("theme.brandName", theme.BrandName, BrandNameLength),
        ThemeRules.Font("theme.fontFamily", theme.FontFamily),
        ThemeRules.Picture("theme.receiptBackgroundUrl", theme.ReceiptBackgroundUrl),
    ];

    private static IEnumerable<FieldProblem> Terms(SiteFields fields, string[] tokens)
    {
        if (ThemeRules.Choice("defaultPaymentToken", fields.DefaultPaymentToken, tokens) is { } unknown)
        {
            yield return unknown;
        }

        if (fields.ProcessingFeePct is { IsSet: true, Value: { } pct } && !IsWithin(pct, MostPct, PctDigits))
        {
            yield return new FieldProblem("processingFeePct", FieldProblemCode.OutOfRange,
                $"Write 0-{MostPct} with at most {PctDigits} digits after the point, or null for no fee.");
        }

        foreach (var (token, ratio) in fields.ReserveRatios.Value ?? ImmutableSortedDictionary<string, decimal?>.Empty)
        {
            if (!tokens.Contains(token, StringComparer.Ordinal))
            {
                yield return new FieldProblem("reserveRatios", FieldProblemCode.BadFormat, $"The tokens are: {string.Join(", ", tokens)}.");
            }
            else if (ratio is { } share && !IsWithin(share, 1, RatioDigits))
            {
                yield return new FieldProblem($"reserveRatios.{token}", FieldProblemCode.OutOfRange,
                    $"Write a share of 0-1 with at most {RatioDigits} digits after the point, or null to remove it.");
            }
        }
    }

    private static bool IsWithin(decimal number, int most, int digits) =>
        number >= 0 && number <= most && decimal.Round(number, digits) == number;
}
