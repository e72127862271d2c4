namespace OpenBitum.Branding;

/// <summary>Text that merchants write and others read, on pages beside texts that are not the merchant's.</summary>
public static class ShownText
{
    /// <summary>What whoever has sent a text that is none is told.</summary>
    public const string WriteOneLine =
        "Write one line, without control characters and characters that turn the direction of text.";

    /// <summary>
    /// True for characters that turn the direction of what follows: an embedding, override or isolate that is not ended makes a price or
    /// an address behind it read in another order (Unicode TR 36, "bidirectional text spoofing"). The two marks U+200E and U+200F, which
    /// texts in Arabic and Hebrew need, end with themselves and are none.
    /// </summary>
    public static bool TurnsDirection(string text) =>
        text.AsSpan().IndexOfAnyInRange('\u202A', '\u202E') >= 0 || text.AsSpan().IndexOfAnyInRange('\u2066', '\u2069') >= 0;

    /// <summary>One line: no control characters, nothing that turns its direction.</summary>
    public static bool IsOneLine(string text) => !text.Any(char.IsControl) && !TurnsDirection(text);
}
