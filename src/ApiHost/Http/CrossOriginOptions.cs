using System.Collections.Immutable;
using System.Text;
using OpenBitum.Settings;

namespace OpenBitum.Http;

/// <summary>Section `Cors`.</summary>
public sealed record CrossOriginOptions : ICheckedSettings
{
    private const int MostOrigins = 100;

    /// <summary>Pages of these origins may call the API from a browser, by token or key and never by cookie; none by default.</summary>
    public ImmutableArray<string> Origins { get; init; } = [];

    public IEnumerable<SettingProblem> Check(string section)
    {
        if (Origins.Length > MostOrigins)
        {
            yield return new SettingProblem($"{section}:{nameof(Origins)}", $"has {Origins.Length} entries; write {MostOrigins} at most.");
        }

        for (var index = 0; index < Origins.Length; index++)
        {
            if (Wanted(Origins[index]) is { } wanted)
            {
                yield return new SettingProblem($"{section}:{nameof(Origins)}:{index}", $"is '{Origins[index]}'; write {wanted}.");
            }
        }
    }

    /// <summary>What to write instead; null for an origin as browsers send it (RFC 6454 section 6.2), which is compared byte by byte.</summary>
    private static string? Wanted(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.HostNameType == UriHostNameType.Basic || url.UserInfo.Length > 0)
        {
            return "one origin such as https://shop.example, as browsers send it; there is no pattern for several";
        }

        var origin = $"{url.Scheme}://{(url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost)}{(url.IsDefaultPort ? "" : $":{url.Port}")}";
        return text == origin && Ascii.IsValid(text) ? null : origin;
    }
}
