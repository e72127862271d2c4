using OpenBitum.Json;
using OpenBitum.Problems;
using Xunit;

namespace OpenBitum.Branding;

public sealed class ThemeRulesTests
{
    [Theory]
    [InlineData("#1f2937", true)]
    [InlineData("#F54029", true)]
    [InlineData("#000000", true)]
    [InlineData("1f2937", false)]
    [InlineData("#1f293", false)]
    [InlineData("#1f29370", false)]
    [InlineData("#1f293g", false)]
    [InlineData("#١٢٣٤٥٦", false)]
    [InlineData("red", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_colour_is_six_hex_digits(string? colour, bool isFine) => Check(isFine, ThemeRules.Colour("c", Text(colour)));

    [Theory]
    [InlineData("https://cdn.example/a.png?x=1#y", true)]
    [InlineData("/cblogod.png", true)]
    [InlineData("/", true)]
    [InlineData("", true)]
    [InlineData("http://cdn.example/a.png", false)]
    [InlineData("//cdn.example/a.png", false)]
    [InlineData(@"/\cdn.example/a.png", false)]
    [InlineData(@"https:\\cdn.example", false)]
    [InlineData("/a b.png", false)]
    [InlineData("/a\t.png", false)]
    [InlineData("/\n/cdn.example", false)]
    [InlineData("/a\u0085", false)]
    [InlineData("a.png", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("data:image/svg+xml,x", false)]
    [InlineData("https://", false)]
    [InlineData("https://me@cdn.example/a.png", false)]
    [InlineData(null, false)]
    public void A_picture_comes_by_https_or_from_this_site(string? url, bool isFine) => Check(isFine, ThemeRules.Picture("p", Text(url)));

    [Theory]
    [InlineData(2_048, true)]
    [InlineData(2_049, false)]
    public void A_url_has_up_to_2048_characters(int length, bool isFine) =>
        Check(isFine, ThemeRules.Picture("p", Text("/" + new string('x', length - 1))));

    [Theory]
    [InlineData("Inter, ui-sans-serif, system-ui", true)]
    [InlineData("-apple-system,BlinkMacSystemFont", true)]
    [InlineData("\"Open Sans\", 'Source Sans 3', serif", true)]
    [InlineData("思源黑体, sans-serif", true)]
    [InlineData("\"Open Sans", false)]
    [InlineData("Open Sans\"", false)]
    [InlineData("\"Open Sans'", false)]
    [InlineData("\"a\"b\"", false)]
    [InlineData("\"a,b\"", false)]
    [InlineData("\"\"", false)]
    [InlineData("Inter;color:red", false)]
    [InlineData("Inter}body{", false)]
    [InlineData("url(https://x.example)", false)]
    [InlineData("Inter/*", false)]
    [InlineData(@"Inter\3b", false)]
    [InlineData("Inter\nserif", false)]
    [InlineData("</style>", false)]
    [InlineData("Inter,,serif", false)]
    [InlineData("Inter,", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_font_says_nothing_but_families(string? font, bool isFine) => Check(isFine, ThemeRules.Font("f", Text(font)));

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_font_has_up_to_200_characters(int length, bool isFine) => Check(isFine, ThemeRules.Font("f", Text(new string('x', length))));

    [Fact]
    public void What_is_not_set_is_not_looked_at()
    {
        Assert.Null(ThemeRules.Colour("x", default));
        Assert.Null(ThemeRules.Picture("x", default));
        Assert.Null(ThemeRules.Font("x", default));
        Assert.Null(ThemeRules.Text("x", default, 1));
        Assert.Null(ThemeRules.Title("x", default, 1));
        Assert.Null(ThemeRules.Choice("x", default, "a"));
    }

    private static Change<string> Text(string? text) => Change<string>.To(text!);

    private static void Check(bool isFine, FieldProblem? problem) => Assert.Equal(isFine, problem is null);
}
