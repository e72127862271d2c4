using System.Globalization;
using OpenBitum.Http;

namespace OpenBitum.Access;

/// <summary>
/// Holds the routes' limits by client address, before a credential costs anything. A call with a subscription key is counted by
/// <see cref="KeyGate"/> instead, where that looks at it.
/// </summary>
internal sealed class AddressLimiting(RequestDelegate next, AddressLimits limits)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint().LimitOf() is not { } limit || IsCountedByKey(context)
            || limits.Take(limit, context) is not { } standing)
        {
            return next(context);
        }

        context.Response.Tell(standing);
        return standing.Exceeded ? context.Response.WriteError(HttpError.RateLimited) : next(context);
    }

    /// <summary>Nobody looks at a credential on a page, so a key there, whatever it is, must not lift the limit.</summary>
    private static bool IsCountedByKey(HttpContext context) =>
        KeyGate.IsShown(context.Request)
        && context.GetEndpoint()?.Metadata.GetMetadata<AccessPolicy>()?.Level is not (null or AccessLevel.Open);
}

internal static class RateHeaders
{
    /// <summary>`X-RateLimit-*` on whatever the answer will be; `Retry-After` (RFC 9110 section 10.2.3) where it is a 429.</summary>
    public static void Tell(this HttpResponse response, RateStanding standing)
    {
        var headers = response.Headers;
        headers["X-RateLimit-Limit"] = standing.Limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = standing.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = standing.ResetSeconds.ToString(CultureInfo.InvariantCulture);
        if (standing.Exceeded)
        {
            headers.RetryAfter = headers["X-RateLimit-Reset"];
        }
    }
}
