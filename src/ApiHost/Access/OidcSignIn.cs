using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenBitum.Settings;

namespace OpenBitum.Access;

/// <summary>Why a browser was not signed in.</summary>
internal enum SignInProblem
{
    /// <summary>It comes back to no attempt of its own.</summary>
    Stale,

    /// <summary>The person ended it at the issuer, or the issuer does not let them in.</summary>
    Ended,

    /// <summary>The issuer took no code of ours, or gave what does not belong to it.</summary>
    Refused,

    /// <summary>The issuer's access token is not one of this API, or too long for a cookie.</summary>
    NotMeant,

    /// <summary>The issuer cannot be reached.</summary>
    Unavailable,
}

/// <param name="Problem">Null: signed in.</param>
/// <param name="Caller">Anonymous with a problem.</param>
internal readonly record struct SignInResult(SignInProblem? Problem, Caller Caller);

/// <summary>
/// The page's sign-in at the issuer: an authorization code (RFC 6749) with PKCE (RFC 7636) for the issuer's access token of this API
/// (RFC 8707). The ID token only proves that the code belongs to this attempt.
/// </summary>
internal sealed partial class OidcSignIn(
    OidcIssuerKeys keys,
    IssuerConnection issuer,
    TokenVerifier tokens,
    AccessOptions options,
    Instance instance,
    TimeProvider clock,
    ILogger<OidcSignIn> logger)
{
    private readonly LogAllowance allowance = new(clock);

    private string RedirectAddress => $"{instance.PublicBaseUrl}/api/auth/callback";

    /// <summary>The audience as a resource indicator; null when it is a mere name, which RFC 8707 does not know.</summary>
    private string? Resource => Uri.TryCreate(options.Audience, UriKind.Absolute, out _) ? options.Audience : null;

    /// <summary>Where the browser signs in; null when the issuer cannot be reached.</summary>
    public async Task<string?> Address(SignInAttempt attempt, CancellationToken cancellation)
    {
        if (await keys.Endpoints(cancellation) is not { } endpoints)
        {
            return null;
        }

        var query = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = options.ClientId,
            ["redirect_uri"] = RedirectAddress,
            ["scope"] = options.Scope ?? $"openid {options.AdminRole} {options.OperatorRole}",
            ["state"] = attempt.State,
            ["nonce"] = attempt.Nonce,
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(attempt.Verifier))),
            ["code_challenge_method"] = "S256",
            ["resource"] = Resource,
        };
        return QueryHelpers.AddQueryString(endpoints.Authorization, query.Where(pair => pair.Value is not null));
    }

    /// <summary>Exchanges the code for the caller's token.</summary>
    public async Task<SignInResult> Finish(SignInAttempt attempt, string code, CancellationToken cancellation)
    {
        if (await keys.Endpoints(cancellation) is not { } endpoints)
        {
            return new SignInResult(SignInProblem.Unavailable, Caller.Anonymous);
        }

        JsonElement answer;
        try
        {
            (var isDone, answer) = await Exchange(endpoints, attempt, code, cancellation);
            if (!isDone)
            {
                return Refuse(SignInProblem.Refused, $"the issuer refused the code: {Shown(answer, "error")}");
            }
        }
        catch (Exception failure) when (IssuerConnection.IsUnreachable(failure, cancellation))
        {
            return Refuse(SignInProblem.Unavailable, $"the issuer's token endpoint did not answer: {failure.Message}");
        }

        return await Check(answer, attempt, cancellation);
    }

    /// <summary>RFC 9207: an answer that names another issuer is not of ours. Not every issuer names itself.</summary>
    public bool IsOfIssuer(StringValues named) => named.Count == 0 || named == keys.Issuer;

    /// <summary>What an error stands for with which the issuer has sent a browser back instead of a code (RFC 6749 section 4.1.2.1).</summary>
    public SignInProblem Refused(string error)
    {
        var problem = error switch
        {
            "access_denied" => SignInProblem.Ended,
            "server_error" or "temporarily_unavailable" => SignInProblem.Unavailable,
            _ => SignInProblem.Refused,
        };
        Refuse(problem, $"the issuer said {Printable(error)}");
        return problem;
    }

    private Task<(bool IsDone, JsonElement Body)> Exchange(
        IssuerEndpoints endpoints, SignInAttempt attempt, string code, CancellationToken cancellation)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = RedirectAddress,
            ["code_verifier"] = attempt.Verifier,
        };
        if (Resource is { } resource)
        {
            form["resource"] = resource;
        }

        var hasSecret = !string.IsNullOrEmpty(options.ClientSecret);
        if (hasSecret && endpoints.TakesBasic)
        {
            return issuer.Post(endpoints.Token, form, Basic(options.ClientId!, options.ClientSecret!), cancellation);
        }

        form["client_id"] = options.ClientId!;
        if (hasSecret)
        {
            form["client_secret"] = options.ClientSecret!;
        }

        return issuer.Post(endpoints.Token, form, null, cancellation);
    }

    private async Task<SignInResult> Check(JsonElement answer, SignInAttempt attempt, CancellationToken cancellation)
    {
        if (Text(answer, "access_token") is not { } token)
        {
            return Refuse(SignInProblem.Refused, "the issuer's answer holds no access token");
        }

        var verified = await tokens.Verify(token, cancellation);
        if (verified.Status is not TokenStatus.Valid)
        {
            return Refuse(SignInProblem.NotMeant, $"the issuer's access token is none for Auth:Audience {options.Audience}");
        }

        if (token.Length > Session.LongestToken)
        {
            return Refuse(SignInProblem.NotMeant, $"the issuer's access token has more than the {Session.LongestToken} characters of a cookie");
        }

        // An issuer that was not asked for `openid` gives no ID token; then PKCE alone binds the code to this attempt.
        if (Text(answer, "id_token") is { } idToken
            && await tokens.SubjectOfIdToken(idToken, options.ClientId!, attempt.Nonce, cancellation) != verified.Caller.Subject)
        {
            return Refuse(SignInProblem.Refused, "the issuer's ID token does not belong to this sign-in");
        }

        return new SignInResult(null, verified.Caller);
    }

    /// <summary>RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.</summary>
    private static AuthenticationHeaderValue Basic(string id, string secret) => new("Basic", Convert.ToBase64String(
        Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));

    private SignInResult Refuse(SignInProblem problem, string reason)
    {
        if (allowance.Take(out var unsaid))
        {
            LogRefused(reason, unsaid);
        }

        return new SignInResult(problem, Caller.Anonymous);
    }

    private static string? Text(JsonElement answer, string name) =>
        answer.ValueKind is JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;

    private static string Shown(JsonElement answer, string name) => Printable(Text(answer, name) ?? "no error code");

    /// <summary>What comes from outside stays on its line of the log.</summary>
    private static string Printable(string text) =>
        new([.. text.Take(60).Select(letter => letter is >= ' ' and <= '~' ? letter : '?')]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in at the issuer failed: {Reason} ({Unsaid} more since the last such line)")]
    private partial void LogRefused(string reason, int unsaid);
}
