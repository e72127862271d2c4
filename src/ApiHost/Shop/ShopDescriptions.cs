using OpenBitum.Branding;
using OpenBitum.Http;
using OpenBitum.OpenApi;

namespace OpenBitum.Shop;

/// <summary>What the document says of the shop's routes.</summary>
internal static class ShopDescriptions
{
    private const string Change =
        """
        {
          "name": "My Coffee Shop",
          "theme": { "primaryColor": "#2563eb", "secondaryColor": "#dc2626" },
          "arrangement": "grid",
          "slug": "my-coffee-shop",
          "links": [{ "label": "Instagram", "url": "https://instagram.com/mycoffeeshop" }],
          "industryPack": "restaurant"
        }
        """;

    private static readonly Schema Colour = Schema.Matching("^#[0-9A-Fa-f]{6}$");
    private static readonly Schema Picture = Schema.Text(ShownUrl.Length);

    private static readonly ShopView Shop = new(
        "My Coffee Shop", "Neighborhood espresso bar", "Small batch roastery and café",
        new ShopTheme(
            "#1f2937", "#F54029", "#111827", "#10B981", "/cblogod.png", "/hero.jpg", "Inter, ui-sans-serif, system-ui", "square", "large"),
        "grid", 1, new Slug("my-coffee-shop"), [new ShopLink("Instagram", "https://instagram.com/mycoffeeshop")], "restaurant",
        1_698_765_400_000, SetupComplete: true, 1_698_765_300_000, 1_698_765_400_000);

    public static Parameter Slug { get; } = new(
        PublicMerchant.Slug, Schema.Matching("^[a-z0-9-]{3,60}$"), "The merchant whose shop answers to this slug, whoever asks; 404 when it is nobody's.");

    public static Operation Read() => new("getShopConfig", Tag.Shop, "Shows a shop")
    {
        About = "The slug's, else the credential's merchant's, else the default merchant's. "
            + "A credential whose merchant has no shop is answered 404; only who sends none is shown the defaults. Its times are Unix milliseconds.",
        Parameters = [Slug],
        Sends = AnswerHeader.ETag,
        Example = new ShopAnswer(Shop),
    };

    public static Operation Update() => new("updateShopConfig", Tag.Shop, "Makes or changes the merchant's shop")
    {
        About = "A JSON merge (RFC 7396): what is left out stays, objects merge, arrays are replaced, null clears what may be null. "
            + "createdAt, updatedAt and industryPackActivatedAt are ignored. A URL or a text may be empty.",
        TakesIfMatch = true,
        Body = Body(),
        BodyExample = Change,
        Example = new ShopChanged(true, Shop),
        Refusals = [HttpError.PreconditionFailed, HttpError.SlugTaken],
        Sends = AnswerHeader.ETag,
    };

    private static Schema Body()
    {
        var theme = Schema.Object(
            Field.Optional("primaryColor", Colour, "#rrggbb."),
            Field.Optional("secondaryColor", Colour, "#rrggbb."),
            Field.Optional("textColor", Colour, "#rrggbb."),
            Field.Optional("accentColor", Colour, "#rrggbb."),
            Field.Optional("brandLogoUrl", Picture, "https, or a path on this site; empty for none."),
            Field.Optional("coverPhotoUrl", Picture, "https, or a path on this site; empty for none."),
            Field.Optional("fontFamily", Schema.Text(ThemeRules.FontLength, 1), "CSS font families, quoted or not, with commas between them."),
            Field.Optional("logoShape", Schema.OneOf(ShopRules.LogoShapes), "The logo's frame."),
            Field.Optional("heroFontSize", Schema.OneOf(ShopRules.HeroFontSizes), "Of the shop's name on its page."));
        var link = Schema.Object(
            Field.Required("label", Schema.Text(ShopRules.LabelLength, 1), "What a person reads."),
            Field.Required("url", Schema.Text(ShownUrl.Length, 1), "http, https or mailto."));
        var ignored = Schema.Of<System.Text.Json.JsonElement>();
        return Schema.Object(
            Field.Optional("name", Schema.Text(ShopRules.NameLength, 1), "Of the shop; one line."),
            Field.Optional("description", Schema.Text(ShopRules.DescriptionLength), "One or two sentences."),
            Field.Optional("bio", Schema.Text(ShopRules.BioLength), "Who runs it."),
            Field.Optional("theme", theme, "How it looks; merged."),
            Field.Optional("arrangement", Schema.OneOf(ShopRules.Arrangements), "Of the products."),
            Field.Optional("xpPerDollar", Schema.Number(0, ShopRules.MostXpPerDollar),
                $"Points for each US dollar; at most {ShopRules.XpDigits} digits after the point."),
            Field.Optional("slug", Schema.Matching("^[a-z0-9-]{3,60}$").OrNull(), "The shop's public name; null gives it back."),
            Field.Optional("links", Schema.Array(link, ShopRules.MostLinks), "Replaced as a whole."),
            Field.Optional("industryPack", Schema.OneOf(ShopRules.IndustryPacks).OrNull(), "Choosing one stamps industryPackActivatedAt."),
            Field.Optional("setupComplete", Schema.Flag, "The merchant's own note."),
            Field.Optional("industryPackActivatedAt", ignored, "Ignored."),
            Field.Optional("createdAt", ignored, "Ignored."),
            Field.Optional("updatedAt", ignored, "Ignored."));
    }
}
