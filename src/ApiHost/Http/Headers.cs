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
    /// The version that If-Match names; null when any will do. False for a tag that no version of ours has: it matches nothing.
    /// </summary>
    public static bool TryReadIfMatch(this HttpRequest request, out long? version)
    {
        version = null;
        if (request.Headers.IfMatch.Count == 0 || request.Headers.IfMatch == "*")
        {
            return true;
        }

        if (EntityTagHeaderValue.TryParse(request.Headers.IfMatch.ToString(), out var tag) && !tag.IsWeak
            && long.TryParse(tag.Tag.AsSpan(1, tag.Tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var named))
        {
            version = named;
            return true;
        }

        return false;
    }
}
