using Microsoft.AspNetCore.Mvc;
using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.Problems;
using OpenBitum.Settings;

namespace OpenBitum.Pages;

/// <summary>
/// Signing in at the configured issuer with a browser; 404 where none is configured. A person waits here, so what goes wrong is shown
/// on <see cref="SignInPage"/> and not as JSON.
/// </summary>
internal static class LoginEndpoints
{
    private const string ReturnTo = "returnTo";

    public static void MapLogin(this IEndpointRouteBuilder api)
    {
        api.MapGet("/auth/login", Login).Takes(ReturnTo).Allow(AccessLevel.Public).Describe(PageDescriptions.Login);
        // Without Takes: an issuer may add parameters, and a client ignores those it does not know (RFC 6749 section 4.1.2).
        api.MapGet("/auth/callback", Callback).Allow(AccessLevel.Public).Describe(PageDescriptions.Callback);
    }

    private static async Task<OneOf.Results<SeeOther, Invalid, NotFound>> Login(
        HttpContext http, SignInAttempts attempts, [FromServices] OidcSignIn? signIn)
    {
        if (signIn is null)
        {
            return new NotFound();
        }

        var returnTo = http.Request.Query[ReturnTo] is [{ Length: > 0 } named] ? named : ReturnPath.Default;
        if (!ReturnPath.IsOurs(returnTo))
        {
            return new Invalid(ReturnTo, FieldProblemCode.UnsafeUrl, "Write a path of this service that begins with one slash.");
        }

        var attempt = attempts.Begin(http.Response, returnTo);
        return await signIn.Address(attempt, http.RequestAborted) is { } address
            ? new SeeOther(address)
            : SignInPage.Showing(SignInProblem.Unavailable);
    }

    private static async Task<OneOf.Results<SeeOther, NotFound>> Callback(
        HttpContext http, Instance instance, Session session, SignInAttempts attempts, [FromServices] OidcSignIn? signIn)
    {
        if (signIn is null)
        {
            return new NotFound();
        }

        var query = http.Request.Query;
        if (attempts.Resume(http.Request, query["state"].ToString()) is not { } attempt || !signIn.IsOfIssuer(query["iss"]))
        {
            return SignInPage.Showing(SignInProblem.Stale);
        }

        attempts.End(http.Response);
        if (query["code"] is not [{ Length: > 0 } code])
        {
            return SignInPage.Showing(signIn.Refused(query["error"].ToString()));
        }

        var result = await signIn.Finish(attempt, code, http.RequestAborted);
        if (result.Problem is { } problem)
        {
            return SignInPage.Showing(problem);
        }

        session.Open(http.Response, result.Caller);
        return new SeeOther(instance.PublicBaseUrl + attempt.ReturnTo);
    }
}
