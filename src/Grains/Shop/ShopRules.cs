using System.Collections.Immutable;
using OpenBitum.Branding;
using OpenBitum.Json;
using OpenBitum.Problems;

namespace OpenBitum.Shop;

/// <summary>What the fields of a shop may hold.</summary>
public static class ShopRules
{
    public const int NameLength = 80;
    public const int DescriptionLength = 1_000;
    public const int BioLength = 5_000;
    public const int MostXpPerDollar = 1_000_000;
    public const int XpDigits = 6;
    public const int MostLinks = 20;
    public const int LabelLength = 80;

    public static ImmutableArray<string> LogoShapes { get; } = ["square", "circle"];

    public static ImmutableArray<string> HeroFontSizes { get; } = ["microtext", "small", "medium", "large", "xlarge"];

    public static ImmutableArray<string> Arrangements { get; } = ["grid", "featured_first", "groups", "carousel"];

    public static ImmutableArray<string> IndustryPacks { get; } = ["restaurant", "retail", "hotel", "freelancer"];

    /// <summary>The problems of the fields that are set.</summary>
    public static ImmutableArray<FieldProblem> Of(ShopFields fields) =>
    [
        .. Texts(fields).OfType<FieldProblem>(),
        .. Theme(fields.Theme).OfType<FieldProblem>(),
        .. Terms(fields).OfType<FieldProblem>(),
        .. fields.Links.IsSet ? Links(fields.Links.Value) : [],
    ];

    private static IEnumerable<FieldProblem?> Texts(ShopFields fields) =>
    [
        ThemeRules.Title("name", fields.Name, NameLength),
        ThemeRules.Text("description", fields.Description, DescriptionLength),
        ThemeRules.Text("bio", fields.Bio, BioLength),
        ThemeRules.Choice("arrangement", fields.Arrangement, Arrangements),
    ];

    private static IEnumerable<FieldProblem?> Theme(ShopThemeFields theme) =>
    [
        ThemeRules.Colour("theme.primaryColor", theme.PrimaryColor),
        ThemeRules.Colour("theme.secondaryColor", theme.SecondaryColor),
        ThemeRules.Colour("theme.textColor", theme.TextColor),
        ThemeRules.Colour("theme.accentColor", theme.AccentColor),
        ThemeRules.Picture("theme.brandLogoUrl", theme.BrandLogoUrl),
        ThemeRules.Picture("theme.coverPhotoUrl", theme.CoverPhotoUrl),
        ThemeRules.Font("theme.fontFamily", theme.FontFamily),
        ThemeRules.Choice("theme.logoShape", theme.LogoShape, LogoShapes),
        ThemeRules.Choice("theme.heroFontSize", theme.HeroFontSize, HeroFontSizes),
    ];

    private static IEnumerable<FieldProblem?> Terms(ShopFields fields)
    {
        var xp = fields.XpPerDollar;
        yield return !xp.IsSet || (xp.Value >= 0 && xp.Value <= MostXpPerDollar && decimal.Round(xp.Value, XpDigits) == xp.Value)
            ? null
            : new FieldProblem("xpPerDollar", FieldProblemCode.OutOfRange,
                $"Write 0-{MostXpPerDollar} with at most {XpDigits} digits after the point.");

        yield return fields.Slug is not { IsSet: true, Value: { } slug } || Slug.TryParse(slug, out _)
            ? null
            : new FieldProblem("slug", FieldProblemCode.BadFormat, "Write 3-60 of a-z, 0-9 and -, or null for none.");

        yield return fields.IndustryPack is not { IsSet: true, Value: { } pack }
            ? null
            : ThemeRules.Choice("industryPack", Change<string>.To(pack), IndustryPacks);
    }

    private static IEnumerable<FieldProblem> Links(ImmutableArray<ShopLink> links)
    {
        if (links.IsDefault)
        {
            return [new FieldProblem("links", FieldProblemCode.Required, "Give a list; an empty one is fine.")];
        }

        return links.Length > MostLinks
            ? [new FieldProblem("links", FieldProblemCode.OutOfRange, $"At most {MostLinks} entries.")]
            : links.SelectMany((link, index) => Link($"links[{index}]", link)).OfType<FieldProblem>();
    }

    private static IEnumerable<FieldProblem?> Link(string field, ShopLink link) =>
    [
        ThemeRules.Title($"{field}.label", Change<string>.To(link.Label), LabelLength),
        ShownUrl.IsLink(link.Url)
            ? null
            : new FieldProblem($"{field}.url", FieldProblemCode.BadFormat,
                $"Write an http, https or mailto URL of at most {ShownUrl.Length} characters."),
    ];
}
