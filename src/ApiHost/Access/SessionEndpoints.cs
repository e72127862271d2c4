using System.Collections.Immutable;
using OpenBitum.Http;
using OpenBitum.OpenApi;

namespace OpenBitum.Access;

internal sealed record SessionView(
    string Subject, MerchantId Merchant, ImmutableArray<string> Roles, DateTimeOffset ExpiresAt, string CsrfToken);

/// <summary>Signing in and out with a browser.</summary>
internal static class SessionEndpoints
{
    public static void MapSession(this IEndpointRouteBuilder api)
    {
        api.MapPost("/auth/session", SignIn).Takes().NeverStored().Allow(AccessLevel.Public).Describe(SessionDescriptions.SignIn);
        api.MapMethods("/auth/session", Routes.Reading, Read).Takes().Allow(AccessLevel.SignedIn).Describe(SessionDescriptions.Read);
        api.MapDelete("/auth/session", SignOut).Takes().NeverStored().Allow(AccessLevel.SignedIn).Describe(SessionDescriptions.SignOut);
    }

    private static async Task<OneOf.Results<Ok<SessionView>, Invalid, Refused, Unavailable>> SignIn(
        HttpContext http, RequestBody body, Caller caller, Session session, SignInLink links, TokenVerifier tokens)
    {
        var fields = new Fields(body);
        var code = fields.Text("code");
        if (fields.AreWrong(out var invalid))
        {
            return invalid;
        }

        // A page of another site could sign a browser in as somebody else.
        if (http.Request.Headers.Origin.Count > 0 && !session.IsSameOrigin(http.Request))
        {
            return new Refused(HttpError.Forbidden);
        }

        if (code is null)
        {
            return caller.IsAnonymous ? new Refused(HttpError.Unauthorized) : OpenFor(caller);
        }

        if (!caller.IsAnonymous)
        {
            return new Refused(HttpError.TwoCredentials);
        }

        return await links.Redeem(code) is { } token
            && await tokens.Verify(token, http.RequestAborted) is { Status: TokenStatus.Valid } verified
            ? OpenFor(verified.Caller)
            : new Refused(HttpError.WrongCode);

        OneOf.Results<Ok<SessionView>, Invalid, Refused, Unavailable> OpenFor(Caller signedIn)
        {
            if (signedIn.Token.Length > Session.LongestToken)
            {
                return new Refused(HttpError.TokenTooLong);
            }

            session.Open(http.Response, signedIn);
            return View(signedIn, session);
        }
    }

    private static Ok<SessionView> Read(Caller caller, Session session) => View(caller, session);

    private static async Task<OneOf.Results<NoContent, Invalid>> SignOut(
        HttpContext http, RequestBody body, Caller caller, Session session, IGrainFactory grains)
    {
        if (new Fields(body).AreWrong(out var invalid))
        {
            return invalid;
        }

        await grains.GetGrain<ISessionGrain>(ISessionGrain.KeyOf(caller.Issuer, caller.TokenId))
            .End(caller.ExpiresAt + 2 * TokenVerifier.Leeway);
        session.Close(http.Response);
        return new NoContent();
    }

    private static Ok<SessionView> View(Caller caller, Session session) =>
        new(new SessionView(caller.Subject, caller.Merchant, caller.Roles, caller.ExpiresAt, session.CsrfTokenOf(caller)));
}
