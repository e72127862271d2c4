using OpenBitum.Http;

namespace OpenBitum.Shop;

/// <summary>A shop as a request writes it: a JSON merge (RFC 7396), in which what is not nullable may not be null.</summary>
internal static class ShopBody
{
    public static bool TryRead(RequestBody body, out ShopFields shop, out Invalid invalid)
    {
        var fields = new Fields(body);
        shop = new ShopFields
        {
            Name = fields.Change("name", fields.Text, null!),
            Description = fields.Change("description", fields.Text, null!),
            Bio = fields.Change("bio", fields.Text, null!),
            Theme = fields.Part("theme", ReadTheme),
            Arrangement = fields.Change("arrangement", fields.Text, null!),
            XpPerDollar = fields.NotNull("xpPerDollar", fields.Number),
            Slug = fields.Change("slug", fields.Text, null!)!,
            Links = fields.NotNull("links", name => fields.Objects(name, ReadLink)),
            IndustryPack = fields.Change("industryPack", fields.Text, null!)!,
            SetupComplete = fields.NotNull("setupComplete", fields.Flag),
        };

        // Who changes a document sends back what it was shown.
        fields.Ignore("createdAt", "updatedAt", "industryPackActivatedAt");
        return !fields.AreWrong(out invalid);
    }

    private static ShopThemeFields ReadTheme(Fields theme) => new()
    {
        PrimaryColor = theme.Change("primaryColor", theme.Text, null!),
        SecondaryColor = theme.Change("secondaryColor", theme.Text, null!),
        TextColor = theme.Change("textColor", theme.Text, null!),
        AccentColor = theme.Change("accentColor", theme.Text, null!),
        BrandLogoUrl = theme.Change("brandLogoUrl", theme.Text, null!),
        CoverPhotoUrl = theme.Change("coverPhotoUrl", theme.Text, null!),
        FontFamily = theme.Change("fontFamily", theme.Text, null!),
        LogoShape = theme.Change("logoShape", theme.Text, null!),
        HeroFontSize = theme.Change("heroFontSize", theme.Text, null!),
    };

    private static ShopLink ReadLink(Fields link) => new(link.RequiredText("label"), link.RequiredText("url"));
}
