using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using OpenBitum.Settings;

namespace OpenBitum.Access;

/// <summary>The browser's cookie, and what proves that a write with it was meant.</summary>
internal sealed class Session(ISecretStore secrets, Instance instance)
{
    public const string CookieName = "cb_auth_token";
    public const string CsrfHeader = "X-CSRF-Token";

    private readonly byte[] key = Base64UrlEncoder.DecodeBytes(
        secrets.Keep("session.key", () => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32))));

    /// <summary>Bound to the session's token: another session's is worth nothing here.</summary>
    public string CsrfTokenOf(Caller caller) =>
        Base64UrlEncoder.Encode(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"csrf\n{caller.Token}")));

    /// <summary>
    /// A write by cookie carries the session's CSRF token, a same-origin Origin and JSON: each alone would do against a form on another
    /// site, and each has been bypassed somewhere.
    /// </summary>
    public bool IsMeant(HttpRequest request, Caller caller) =>
        IsSameOrigin(request) && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(request.Headers[CsrfHeader].ToString()), Encoding.UTF8.GetBytes(CsrfTokenOf(caller)));

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
