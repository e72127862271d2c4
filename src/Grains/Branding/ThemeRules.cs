using OpenBitum.Json;
using OpenBitum.Problems;

namespace OpenBitum.Branding;

/// <summary>
/// What the fields of a theme may hold. They end in style sheets and pages that others write, so nothing in them may end a declaration
/// or a string there. Each rule answers null when nothing is wrong, or nothing is set.
/// </summary>
public static class ThemeRules
{
    public const int FontLength = 200;

    /// <summary>A line of text that must say something.</summary>
    public static FieldProblem? Title(string field, Change<string> text, int length)
    {
        if (text is { IsSet: true, Value: { } value } && value.Length <= length && !ShownText.IsOneLine(value))
        {
            return new FieldProblem(field, FieldProblemCode.BadFormat, ShownText.WriteOneLine);
        }

        return text.IsSet && string.IsNullOrWhiteSpace(text.Value)
            ? new FieldProblem(field, FieldProblemCode.Required, $"Write 1-{length} characters.")
            : Text(field, text, length);
    }

    /// <summary>Any text, an empty one too.</summary>
    public static FieldProblem? Text(string field, Change<string> text, int length) => text switch
    {
        { IsSet: false } => null,
        { Value: null } => new FieldProblem(field, FieldProblemCode.Required, "Give a text; an empty one is fine."),
        { Value.Length: var written } when written > length => new FieldProblem(field, FieldProblemCode.TooLong, $"At most {length} characters."),
        { Value: var value } => ShownText.TurnsDirection(value)
            ? new FieldProblem(field, FieldProblemCode.BadFormat, "Leave out characters that turn the direction of text.")
            : null,
    };

    public static FieldProblem? Colour(string field, Change<string> colour) =>
        !colour.IsSet || IsColour(colour.Value)
            ? null
            : new FieldProblem(field, FieldProblemCode.BadFormat, "Write a colour as #rrggbb, such as #1f2937.");

    /// <summary>An empty one stands for no picture.</summary>
    public static FieldProblem? Picture(string field, Change<string> url) =>
        !url.IsSet || url.Value == "" || ShownUrl.IsPicture(url.Value)
            ? null
            : new FieldProblem(field, FieldProblemCode.BadFormat,
                "Write an https URL, a path on this site that begins with one slash, or an empty text for none; "
                + $"at most {ShownUrl.Length} characters.");

    /// <summary>One of a few words.</summary>
    public static FieldProblem? Choice(string field, Change<string> word, params IReadOnlyList<string> words) =>
        !word.IsSet || words.Contains(word.Value, StringComparer.Ordinal)
            ? null
            : new FieldProblem(field, FieldProblemCode.BadFormat, $"Write one of: {string.Join(", ", words)}.");

    public static FieldProblem? Font(string field, Change<string> family) =>
        !family.IsSet || IsFontFamily(family.Value)
            ? null
            : new FieldProblem(field, FieldProblemCode.BadFormat,
                $"Write font families with commas between them, such as Inter, \"Open Sans\", system-ui; at most {FontLength} characters.");

    private static bool IsColour(string? colour) =>
        colour is { Length: 7 } && colour[0] == '#' && colour.Skip(1).All(char.IsAsciiHexDigit);

    /// <summary>
    /// A list of CSS font-family, https://www.w3.org/TR/css-fonts-4/#font-family-prop, of which only letters, digits, spaces, hyphens,
    /// underscores, commas and paired quotes are taken.
    /// </summary>
    private static bool IsFontFamily(string? families) =>
        families is { Length: <= FontLength } && families.Split(',').All(family => IsFamily(family.Trim(' ')));

    private static bool IsFamily(string family)
    {
        var isQuoted = family.Length > 2 && family[0] is '"' or '\'' && family[^1] == family[0];
        var name = isQuoted ? family[1..^1] : family;
        return !string.IsNullOrWhiteSpace(name)
            && name.All(character => char.IsLetterOrDigit(character) || character is ' ' or '-' or '_');
    }
}
