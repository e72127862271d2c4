using System.Globalization;
using System.Text.Json;

namespace OpenBitum.Http;

/// <summary>A JSON number as the decimal that it is, never as the nearest one.</summary>
internal static class ExactNumber
{
    /// <summary>What a decimal holds of any number.</summary>
    private const int MostDigits = 28;

    /// <summary>False when a decimal cannot hold it whole.</summary>
    public static bool TryRead(JsonElement value, out decimal number) =>
        value.TryGetDecimal(out number) && IsWhole(value.GetRawText());

    /// <summary>Reading rounds away what lies beyond the last digit: 1e-30 would be 0.</summary>
    private static bool IsWhole(string text)
    {
        var exponentAt = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var fraction = mantissa.Contains('.', StringComparison.Ordinal) ? mantissa[(mantissa.IndexOf('.', StringComparison.Ordinal) + 1)..] : "";
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0');
        var significant = digits.TrimEnd('0');
        if (significant.Length == 0)
        {
            return true;
        }

        var exponent = 0;
        var isOrdinary = exponentAt < 0
            || int.TryParse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent);
        return isOrdinary && significant.Length <= MostDigits
            && (long)fraction.Length - exponent - (digits.Length - significant.Length) <= MostDigits;
    }
}
