using System.Globalization;
using OpenBitum.Http;

namespace OpenBitum.Access;

/// <summary>
/// Holds the routes' limits by client address, before a credential costs anything. A call with a subscription key is counted by
/// <see cref="KeyGate"/> instead.
/// </summary>
internal sealed class AddressLimiting(RequestDelegate next, AddressLimits limits)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint().LimitOf() is not { } limit || KeyGate.IsShown(context.Request)
            || limits.Take(limit, context) is not { } standing)
        {
            return next(context);
        }

        context.Response.Tell(standing);
        return standing.Exceeded ? context.Response.WriteError(HttpError.RateLimited) : next(context);
    }
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
