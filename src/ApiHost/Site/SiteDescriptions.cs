using OpenBitum.Branding;
using OpenBitum.Http;
using OpenBitum.OpenApi;

namespace OpenBitum.Site;

/// <summary>What the document says of the site's routes.</summary>
internal static class SiteDescriptions
{
    private const string Change =
        """
        {
          "theme": { "brandName": "PortalPay" },
          "defaultPaymentToken": "ETH",
          "processingFeePct": 1.0,
          "reserveRatios": { "ETH": 0.4, "USDC": 0.6 }
        }
        """;

    private static readonly Schema Colour = Schema.Matching("^#[0-9A-Fa-f]{6}$");
    private static readonly Schema Picture = Schema.Text(ShownUrl.Length);

    private static readonly SiteView Site = new(
        new SiteTheme(
            "#1f2937", "#F54029", "/cblogod.png", "/favicon-32x32.png", "PortalPay", "Inter, ui-sans-serif, system-ui", "/manifest.webmanifest"),
        "ETH", 1.0m, null);

    public static Operation Read() => new("getSiteConfig", Tag.Shop, "Shows the site's defaults")
    {
        About = "reserveRatios is left out while nobody has set any.",
        Sends = AnswerHeader.ETag,
        Example = Site,
    };

    public static Operation Update() => new("updateSiteConfig", Tag.Shop, "Changes the site's defaults")
    {
        About = "For the operator. A JSON merge (RFC 7396): what is left out stays, objects merge, null clears what may be null. "
            + "New orders follow it; an order keeps what was in force at its creation.",
        TakesIfMatch = true,
        Body = Body(),
        BodyExample = Change,
        Example = new SiteChanged(true, Site),
        Refusals = [HttpError.PreconditionFailed],
        Sends = AnswerHeader.ETag,
    };

    private static Schema Body()
    {
        var theme = Schema.Object(
            Field.Optional("primaryColor", Colour, "#rrggbb."),
            Field.Optional("secondaryColor", Colour, "#rrggbb."),
            Field.Optional("brandLogoUrl", Picture, "https, or a path on this site; empty for none."),
            Field.Optional("brandFaviconUrl", Picture, "https, or a path on this site; empty for none."),
            Field.Optional("brandName", Schema.Text(SiteRules.BrandNameLength, 1), "One line."),
            Field.Optional("fontFamily", Schema.Text(ThemeRules.FontLength, 1), "CSS font families, quoted or not, with commas between them."),
            Field.Optional("receiptBackgroundUrl", Picture, "https, or a path on this site; empty for none."));
        return Schema.Object(
            Field.Optional("theme", theme, "How it looks; merged."),
            Field.Optional("defaultPaymentToken", Schema.Text(20, 1),
                $"{string.Join(", ", SiteRules.KnownTokens)}, or an asset of a configured chain: its methods stand first at a checkout."),
            Field.Optional("processingFeePct", Schema.Number(0, SiteRules.MostPct).OrNull(),
                $"Recorded on each order for its merchant; at most {SiteRules.PctDigits} digits after the point; null: no fee."),
            Field.Optional("reserveRatios", Schema.Pairs(Schema.Number(0, 1).OrNull(), 100, 20).OrNull(),
                "Which share of the reserves each token shall have, 1 in all at most; merged, and null removes one."));
    }
}
