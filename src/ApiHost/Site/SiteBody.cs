using OpenBitum.Http;

namespace OpenBitum.Site;

/// <summary>The site as a request writes it: a JSON merge (RFC 7396), in which what is not nullable may not be null.</summary>
internal static class SiteBody
{
    public static bool TryRead(RequestBody body, out SiteFields site, out Invalid invalid)
    {
        var fields = new Fields(body);
        site = new SiteFields
        {
            Theme = fields.Part("theme", ReadTheme),
            DefaultPaymentToken = fields.Change("defaultPaymentToken", fields.Text, null!),
            ProcessingFeePct = fields.Nullable("processingFeePct", fields.Number),
            ReserveRatios = fields.Change("reserveRatios", fields.NumberPairChanges, null!)!,
        };
        return !fields.AreWrong(out invalid);
    }

    private static SiteThemeFields ReadTheme(Fields theme) => new()
    {
        PrimaryColor = theme.Change("primaryColor", theme.Text, null!),
        SecondaryColor = theme.Change("secondaryColor", theme.Text, null!),
        BrandLogoUrl = theme.Change("brandLogoUrl", theme.Text, null!),
        BrandFaviconUrl = theme.Change("brandFaviconUrl", theme.Text, null!),
        BrandName = theme.Change("brandName", theme.Text, null!),
        FontFamily = theme.Change("fontFamily", theme.Text, null!),
        ReceiptBackgroundUrl = theme.Change("receiptBackgroundUrl", theme.Text, null!),
    };
}
