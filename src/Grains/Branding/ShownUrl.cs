namespace OpenBitum.Branding;

/// <summary>URLs that merchants write and others open. Whatever a browser would run, or take for another site's, is none.</summary>
public static class ShownUrl
{
    public const int Length = 2_048;

    /// <summary>A picture: https, or a path on this site.</summary>
    public static bool IsPicture(string? url) => IsHttps(url) || IsSiteRelative(url);

    public static bool IsHttps(string? url) => IsWeb(url, Uri.UriSchemeHttps);

    /// <summary>What a person may click on: http, https or mailto.</summary>
    public static bool IsLink(string? url) => IsHttps(url) || IsWeb(url, Uri.UriSchemeHttp) || IsMail(url);

    // A browser reads two slashes, or a slash and a backslash, as the start of another host's address.
    private static bool IsSiteRelative(string? url) =>
        IsPlain(url) && url!.StartsWith('/') && !url.StartsWith("//", StringComparison.Ordinal);

    private static bool IsWeb(string? url, string scheme) =>
        IsPlain(url) && Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme == scheme
        && parsed.Host.Length > 0 && parsed.UserInfo.Length == 0;

    private static bool IsMail(string? url) =>
        IsPlain(url) && Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme == Uri.UriSchemeMailto
        && parsed.UserInfo.Length > 0 && parsed.Host.Length > 0;

    private static bool IsPlain(string? url) =>
        url is { Length: > 0 and <= Length } && !url.Contains('\\', StringComparison.Ordinal)
        && !url.Any(character => char.IsControl(character) || char.IsWhiteSpace(character));
}
