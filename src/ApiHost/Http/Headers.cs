using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace OpenBitum.Http;

internal static class Headers
{
    /// <summary>A version as an entity tag.</summary>
    public static string ETag(long version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>
    /// Whether another media type suits the client better than JSON (RFC 9110 section 12.5.1). JSON is the rule: what is unknown,
    /// cannot be read or is as welcome gives way to it, unless the other is asked for by its name and JSON is not.
    /// </summary>
    public static bool Prefers(this HttpRequest request, string mediaType)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var ranges))
        {
            return false;
        }

        var (asked, usual) = (Welcome(ranges, mediaType), Welcome(ranges, "application/json"));
        return asked.Quality > 0 && asked.CompareTo(usual) > 0;
    }

    /// <summary>What the range says that names the type most closely: how welcome it is, and how closely it is named.</summary>
    private static (double Quality, int Closeness) Welcome(IList<MediaTypeHeaderValue> ranges, string mediaType) => ranges
        .Where(range => range.MatchesMediaType(mediaType))
        .Select(range => (Quality: range.Quality ?? 1, Closeness: range.MatchesAllTypes ? 1 : range.MatchesAllSubTypes ? 2 : 3))
        .OrderByDescending(welcome => welcome.Closeness)
        .ThenByDescending(welcome => welcome.Quality)
        .FirstOrDefault();

    /// <summary>
    /// What If-Match asks for, by RFC 9110 section 13.1.1: null when it is absent or has `*`, otherwise the strong tags of its list. A
    /// weak tag, or a text that is no tag, matches nothing and is left out.
    /// </summary>
    public static ImmutableArray<string>? ReadIfMatch(this HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0)
        {
            return null;
        }

        return !EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var tags) ? []
            : tags.Contains(EntityTagHeaderValue.Any) ? null
            : [.. tags.Where(tag => !tag.IsWeak).Select(tag => tag.Tag.ToString())];
    }

    /// <summary>The versions that tags of <see cref="ETag"/> name; others are no version of ours and are left out.</summary>
    public static ImmutableArray<long> Versions(ImmutableArray<string> tags) =>
    [
        .. tags.Select(tag => long.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? version
                : (long?)null)
            .OfType<long>(),
    ];
}
