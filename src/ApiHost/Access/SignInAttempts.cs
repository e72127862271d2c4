using System.Globalization;
using Microsoft.IdentityModel.Tokens;
using OpenBitum.Settings;

namespace OpenBitum.Access;

/// <summary>One attempt of a browser to sign in at the issuer.</summary>
/// <param name="State">Comes back with the code and proves that this browser has asked for it (RFC 6749 section 10.12).</param>
/// <param name="Nonce">Stands in the ID token that belongs to the code.</param>
/// <param name="Verifier">PKCE's secret (RFC 7636 section 4.1): without it a stolen code is worth nothing.</param>
/// <param name="ReturnTo">A path of ours.</param>
internal sealed record SignInAttempt(string State, string Nonce, string Verifier, string ReturnTo);

/// <summary>
/// Attempts are kept by the browsers that begin them, in a cookie for ten minutes: no host remembers any, so nobody can fill a memory
/// with them. State, nonce and verifier are made of the cookie with the instance's key, and none of them tells another.
/// </summary>
internal sealed class SignInAttempts(SessionKey key, Instance instance, TimeProvider clock)
{
    public const string CookieName = "cb_sign_in";

    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    private const string CookiePurpose = "sign-in cookie";

    // A browser takes a name that begins so from this very host only (RFC 6265bis section 4.1.3.2), and only over a closed wire. A page
    // on a neighbouring host could otherwise put its own attempt here and have this browser signed in as somebody else.
    private readonly string cookieName = instance.IsLocal ? CookieName : $"__Host-{CookieName}";

    public SignInAttempt Begin(HttpResponse response, string returnTo)
    {
        var ends = clock.GetUtcNow() + GoodFor;
        var id = Base64UrlEncoder.Encode(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        var text = $"{id}.{ends.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}.{Base64UrlEncoder.Encode(returnTo)}";
        response.Cookies.Append(cookieName, $"{text}.{key.Seal(CookiePurpose, text)}", Options(ends));
        return Of(id, returnTo);
    }

    /// <summary>The attempt that this browser has begun and this state belongs to; null when there is none, or too old a one.</summary>
    public SignInAttempt? Resume(HttpRequest request, string state)
    {
        if (request.Cookies[cookieName]?.Split('.') is not [var id, var ends, var returnTo, var seal]
            || !key.IsSeal(seal, CookiePurpose, $"{id}.{ends}.{returnTo}")
            || clock.GetUtcNow().ToUnixTimeSeconds() >= long.Parse(ends, CultureInfo.InvariantCulture))
        {
            return null;
        }

        return key.IsSeal(state, nameof(SignInAttempt.State), id) ? Of(id, Base64UrlEncoder.Decode(returnTo)) : null;
    }

    /// <summary>An attempt is good once; its code is, too.</summary>
    public void End(HttpResponse response) => response.Cookies.Delete(cookieName, Options(null));

    private SignInAttempt Of(string id, string returnTo) => new(
        key.Seal(nameof(SignInAttempt.State), id),
        key.Seal(nameof(SignInAttempt.Nonce), id),
        key.Seal(nameof(SignInAttempt.Verifier), id),
        returnTo);

    private CookieOptions Options(DateTimeOffset? expiresAt) => new()
    {
        HttpOnly = true,
        Secure = !instance.IsLocal,
        // Strict would keep it from coming along when the issuer sends the browser back.
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Expires = expiresAt,
    };
}
