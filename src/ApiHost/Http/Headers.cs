using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace OpenBitum.Http;

internal static class Headers
{
    /// <summary>A version as an entity tag.</summary>
    public static string ETag(long version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

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
