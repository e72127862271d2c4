using OpenBitum.Settings;

namespace OpenBitum.Access;

/// <summary>The browser's cookie, and what proves that a write with it was meant.</summary>
internal sealed class Session(SessionKey key, Instance instance)
{
    public const string CookieName = "cb_auth_token";
    public const string CsrfHeader = "X-CSRF-Token";

    private const string CsrfPurpose = "csrf";

    /// <summary>Browsers keep 4,096 bytes a cookie with its name and drop a longer one in silence (RFC 6265 section 6.1).</summary>
    public const int LongestToken = 4000;

    /// <summary>
    /// How many cookies of this name came. Each is a credential: a page on a neighbouring host can set one for this host too, and the
    /// browser then sends both and does not say whose is whose (RFC 6265 section 8.6).
    /// </summary>
    public static int Count(HttpRequest request) => request.Headers.Cookie
        .SelectMany(line => (line ?? "").Split(';', ','))
        .Count(pair => pair.AsSpan(0, Math.Max(0, pair.IndexOf('=', StringComparison.Ordinal))).Trim()
            .Equals(CookieName, StringComparison.OrdinalIgnoreCase));

    /// <summary>Bound to the session's token: another session's is worth nothing here.</summary>
    public string CsrfTokenOf(Caller caller) => key.Seal(CsrfPurpose, caller.Token);

    /// <summary>
    /// A write by cookie carries the session's CSRF token, a same-origin Origin and JSON: each alone would do against a form on another
    /// site, and each has been bypassed somewhere.
    /// </summary>
    public bool IsMeant(HttpRequest request, Caller caller) =>
        IsSameOrigin(request) && key.IsSeal(request.Headers[CsrfHeader].ToString(), CsrfPurpose, caller.Token);

    public bool IsSameOrigin(HttpRequest request) => request.Headers.Origin == instance.PublicBaseUrl;

    public void Open(HttpResponse response, Caller caller) =>
        response.Cookies.Append(CookieName, caller.Token, Options(caller.ExpiresAt));

    public void Close(HttpResponse response) => response.Cookies.Delete(CookieName, Options(null));

    private CookieOptions Options(DateTimeOffset? expiresAt) => new()
    {
        HttpOnly = true,
        // A browser keeps Secure cookies from plain http, which is all that a first try on one's own machine has.
        Secure = !instance.IsLocal,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Expires = expiresAt,
    };
}
