using System.Collections.Immutable;
using OpenBitum.Json;
using Xunit;

namespace OpenBitum.Shop;

public sealed class ShopRulesTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(80, true)]
    [InlineData(81, false)]
    [InlineData(0, false)]
    public void A_name_has_1_to_80_characters(int length, bool isFine) =>
        Check(isFine, "name", new ShopFields { Name = Text(new string('x', length)) });

    [Theory]
    [InlineData("   ", false)]
    [InlineData("Two\nlines", false)]
    [InlineData("Turned\u202Eround", false)]
    [InlineData("Café 東京 <b>", true)]
    public void A_name_is_one_line_that_says_something(string name, bool isFine) =>
        Check(isFine, "name", new ShopFields { Name = Text(name) });

    [Theory]
    [InlineData(0, true)]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    public void A_description_has_up_to_1000_characters(int length, bool isFine) =>
        Check(isFine, "description", new ShopFields { Description = Text(new string('x', length)) });

    [Fact]
    public void A_text_may_have_lines_but_reads_as_written()
    {
        Check(true, "bio", new ShopFields { Bio = Text("Two\nlines") });
        Check(false, "bio", new ShopFields { Bio = Text("Turned\u2066round") });
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(5_000, true)]
    [InlineData(5_001, false)]
    public void A_bio_has_up_to_5000_characters(int length, bool isFine) =>
        Check(isFine, "bio", new ShopFields { Bio = Text(new string('x', length)) });

    [Theory]
    [InlineData("0", true)]
    [InlineData("0.000001", true)]
    [InlineData("0.0000001", false)]
    [InlineData("1.00000000", true)]
    [InlineData("-0.000001", false)]
    [InlineData("1000000", true)]
    [InlineData("1000000.000001", false)]
    public void Points_are_0_to_a_million_for_a_dollar(string xp, bool isFine) =>
        Check(isFine, "xpPerDollar", new ShopFields { XpPerDollar = Change<decimal>.To(decimal.Parse(xp, System.Globalization.CultureInfo.InvariantCulture)) });

    [Theory]
    [InlineData("abc", true)]
    [InlineData("ab", false)]
    [InlineData("a-b-0", true)]
    [InlineData("A-b", false)]
    [InlineData("a_b", false)]
    [InlineData("a b", false)]
    [InlineData("äöü", false)]
    [InlineData("", false)]
    [InlineData(null, true)]
    public void A_slug_has_letters_digits_and_hyphens(string? slug, bool isFine) =>
        Check(isFine, "slug", new ShopFields { Slug = Change<string?>.To(slug) });

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void A_slug_has_up_to_60_characters(int length, bool isFine) =>
        Check(isFine, "slug", new ShopFields { Slug = Change<string?>.To(new string('a', length)) });

    [Theory]
    [InlineData("restaurant", true)]
    [InlineData("retail", true)]
    [InlineData("hotel", true)]
    [InlineData("freelancer", true)]
    [InlineData(null, true)]
    [InlineData("bank", false)]
    [InlineData("Hotel", false)]
    public void A_pack_is_one_of_four_or_none(string? pack, bool isFine) =>
        Check(isFine, "industryPack", new ShopFields { IndustryPack = Change<string?>.To(pack) });

    [Theory]
    [InlineData("grid,featured_first,groups,carousel", true)]
    [InlineData("list,Grid,featuredFirst", false)]
    public void An_arrangement_is_one_of_four(string words, bool isFine)
    {
        foreach (var word in words.Split(','))
        {
            Check(isFine, "arrangement", new ShopFields { Arrangement = Text(word) });
        }
    }

    [Theory]
    [InlineData("square,circle", true)]
    [InlineData("oval", false)]
    public void A_logo_is_square_or_round(string words, bool isFine)
    {
        foreach (var word in words.Split(','))
        {
            Check(isFine, "theme.logoShape", new ShopFields { Theme = new ShopThemeFields { LogoShape = Text(word) } });
        }
    }

    [Theory]
    [InlineData("microtext,small,medium,large,xlarge", true)]
    [InlineData("huge,12px", false)]
    public void A_font_size_is_one_of_five(string words, bool isFine)
    {
        foreach (var word in words.Split(','))
        {
            Check(isFine, "theme.heroFontSize", new ShopFields { Theme = new ShopThemeFields { HeroFontSize = Text(word) } });
        }
    }

    [Fact]
    public void Each_part_of_the_theme_has_its_rule()
    {
        var wrong = Text("red;");
        var problems = ShopRules.Of(new ShopFields
        {
            Theme = new ShopThemeFields
            {
                PrimaryColor = wrong, SecondaryColor = wrong, TextColor = wrong, AccentColor = wrong, BrandLogoUrl = wrong,
                CoverPhotoUrl = wrong, FontFamily = wrong, LogoShape = wrong, HeroFontSize = wrong,
            },
        });

        Assert.Equal(
            typeof(ShopThemeFields).GetProperties().Select(field => $"theme.{char.ToLowerInvariant(field.Name[0])}{field.Name[1..]}"),
            problems.Select(problem => problem.Field));
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void There_are_up_to_20_links(int count, bool isFine) => Check(isFine, "links", new ShopFields
    {
        Links = Change<ImmutableArray<ShopLink>>.To([.. Enumerable.Repeat(new ShopLink("Here", "https://a.example"), count)]),
    });

    [Theory]
    [InlineData("Here", "http://a.example/x?y#z", null)]
    [InlineData("Here", "mailto:me@a.example", null)]
    [InlineData("", "https://a.example", "links[0].label")]
    [InlineData("Here", "/on-this-site", "links[0].url")]
    [InlineData("Here", "javascript:alert(1)", "links[0].url")]
    [InlineData("Here", "JavaScript:alert(1)", "links[0].url")]
    [InlineData("Here", "data:text/html,x", "links[0].url")]
    [InlineData("Here", "ftp://a.example", "links[0].url")]
    [InlineData("Here", "https://user:secret@a.example", "links[0].url")]
    [InlineData("Here", " https://a.example", "links[0].url")]
    [InlineData("Here", "https://a.example/\n", "links[0].url")]
    [InlineData("Here", "mailto:", "links[0].url")]
    [InlineData("Here", "", "links[0].url")]
    public void A_link_has_a_label_and_goes_where_it_says(string label, string url, string? problem)
    {
        var problems = ShopRules.Of(new ShopFields { Links = Change<ImmutableArray<ShopLink>>.To([new ShopLink(label, url)]) });

        Assert.Equal(problem is null ? [] : [problem], problems.Select(one => one.Field));
    }

    [Fact]
    public void A_label_has_up_to_80_characters()
    {
        Check(true, "", Link(new string('x', 80)));
        Check(false, "links[0].label", Link(new string('x', 81)));

        static ShopFields Link(string label) =>
            new() { Links = Change<ImmutableArray<ShopLink>>.To([new ShopLink(label, "https://a.example")]) };
    }

    private static Change<string> Text(string text) => Change<string>.To(text);

    private static void Check(bool isFine, string field, ShopFields fields) =>
        Assert.Equal(isFine ? [] : [field], ShopRules.Of(fields).Select(problem => problem.Field));
}
