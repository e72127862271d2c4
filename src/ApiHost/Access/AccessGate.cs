using OpenBitum.Http;

namespace OpenBitum.Access;

/// <summary>
/// Resolves the caller and holds the route's policy against it. Identity comes from the credentials only: headers that claim a wallet
/// or a user change nothing.
/// </summary>
internal sealed class AccessGate(
    RequestDelegate next, TokenVerifier tokens, KeyGate keys, CredentialGuard guard, Session session, AccessOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is not null && context.Request.QueryString.HasValue && KeyGate.RefusalOf(context.Request.Query) is { } shownToAll)
        {
            return shownToAll.ExecuteAsync(context);
        }

        var level = endpoint?.Metadata.GetMetadata<AccessPolicy>()?.Level;

        // Without a policy it is one of routing's own answers, such as 405: every route of ours has one.
        if (level is null or AccessLevel.Open)
        {
            return next(context);
        }

        var hasBearer = context.Request.Headers.Authorization.Count > 0;
        var hasCookie = level != AccessLevel.Public && context.Request.Cookies.ContainsKey(Session.CookieName);
        if (KeyGate.IsShown(context.Request))
        {
            return ResolveKey(context, isAlone: !hasBearer && !hasCookie);
        }

        if (hasCookie && Session.Count(context.Request) > 1)
        {
            return Refuse(context, HttpError.TwoCredentials);
        }

        return (hasBearer, hasCookie) switch
        {
            (false, false) when level == AccessLevel.Public => next(context),
            (false, false) => Refuse(context, HttpError.Unauthorized),
            (true, true) => Refuse(context, HttpError.TwoCredentials),
            _ => Resolve(context, level.Value, hasCookie),
        };
    }

    private async Task ResolveKey(HttpContext context, bool isAlone)
    {
        if (await keys.Admit(context, isAlone) is { } refusal)
        {
            await Refuse(context, refusal);
            return;
        }

        await next(context);
    }

    private async Task Resolve(HttpContext context, AccessLevel level, bool isCookie)
    {
        var token = (isCookie ? context.Request.Cookies[Session.CookieName] : BearerOf(context.Request)) ?? "";
        if (guard.Refusal(context, token) is { } spent)
        {
            context.Response.Tell(spent);
            await Refuse(context, HttpError.RateLimited);
            return;
        }

        var verified = token.Length == 0
            ? new VerifiedToken(TokenStatus.Invalid, Caller.Anonymous)
            : await tokens.Verify(token, context.RequestAborted);
        Remember(context, token, verified.Status);
        var refusal = verified.Status switch
        {
            TokenStatus.Unknown => HttpError.Unavailable,
            TokenStatus.Invalid => HttpError.Unauthorized,
            _ => Refusal(context.Request, level, isCookie, verified.Caller),
        };
        if (refusal is not null)
        {
            await Refuse(context, refusal);
            return;
        }

        context.Features.Set(verified.Caller);
        await next(context);
    }

    private void Remember(HttpContext context, string token, TokenStatus status)
    {
        if (status is TokenStatus.Valid)
        {
            guard.Prove(token);
        }
        else if (status is TokenStatus.Invalid && guard.Count(context, token) is { } standing
            && context.GetEndpoint().LimitOf() is null)
        {
            // A route with a limit of its own has told how the client stands there.
            context.Response.Tell(standing);
        }
    }

    private HttpError? Refusal(HttpRequest request, AccessLevel level, bool isCookie, Caller caller)
    {
        if (isCookie && request.IsWrite())
        {
            if (!session.IsMeant(request, caller))
            {
                return HttpError.NotMeant;
            }

            if (!request.HasJsonContentType() && (request.ContentLength > 0 || !HttpMethods.IsDelete(request.Method)))
            {
                return HttpError.UnsupportedMediaType;
            }
        }

        return RoleFor(level) is { } role && !caller.Has(role) ? HttpError.WrongRole : null;
    }

    private string? RoleFor(AccessLevel level) => level switch
    {
        AccessLevel.Admin => options.AdminRole,
        AccessLevel.Operator => options.OperatorRole,
        _ => null,
    };

    private static string? BearerOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? value["Bearer ".Length..].Trim()
            : null;

    private static Task Refuse(HttpContext context, HttpError code)
    {
        if (code == HttpError.UnknownKey)
        {
            context.Response.Headers.WWWAuthenticate = KeyGate.Challenge;
        }
        else if (code == HttpError.Unauthorized)
        {
            // RFC 6750 section 3.
            context.Response.Headers.WWWAuthenticate = context.Request.Headers.Authorization.Count > 0
                ? "Bearer error=\"invalid_token\""
                : "Bearer";
        }

        return context.Response.WriteError(code);
    }
}
