using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;
using OpenBitum.Settings;

namespace OpenBitum.Http;

/// <summary>Lets pages of the configured origins call the API from a browser. Whoever else asks is answered as without it.</summary>
/// <remarks>Credentials are never allowed, so a browser shows no such page what it was answered by cookie.</remarks>
internal static class CrossOrigin
{
    /// <summary>How long a browser may go without asking again.</summary>
    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    private static readonly string[] Methods =
        [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Patch, HttpMethods.Delete];

    /// <summary>What the contract reads beside what every page may send.</summary>
    private static readonly string[] RequestHeaders =
    [
        HeaderNames.Authorization, HeaderNames.ContentType, HeaderNames.IfMatch, HeaderNames.IfNoneMatch,
        "Idempotency-Key", "Last-Event-ID", "Ocp-Apim-Subscription-Key",
    ];

    private static readonly string[] AnswerHeaders =
    [
        HeaderNames.Allow, HeaderNames.ContentDisposition, HeaderNames.ETag, HeaderNames.Location, HeaderNames.RetryAfter,
        HeaderNames.WWWAuthenticate, "Idempotent-Replayed", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
        "X-Request-Id",
    ];

    public static IServiceCollection AddCrossOrigin(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<CrossOriginOptions>(configuration, "Cors");
        return services.AddCors();
    }

    public static void UseCrossOrigin(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<CrossOriginOptions>().Origins.ToFrozenSet(StringComparer.Ordinal);
        if (origins.Count == 0)
        {
            return;
        }

        app.Use((HttpContext context, RequestDelegate next) =>
        {
            if (IsApi(context.Request.Path))
            {
                // On every answer, also to those without an Origin: a cache must not show it to a page that may not read it.
                context.Response.Headers.Vary = HeaderNames.Origin;
            }

            return next(context);
        });

        // The platform answers the preflight of any origin; here those of others stay what they are, a method that does not exist.
        app.UseWhen(
            context => IsApi(context.Request.Path) && context.Request.Headers.Origin is [{ } origin] && origins.Contains(origin),
            branch => branch.UseCors(policy => policy
                .SetIsOriginAllowed(origins.Contains)
                .WithMethods(Methods)
                .WithHeaders(RequestHeaders)
                .WithExposedHeaders(AnswerHeaders)
                .SetPreflightMaxAge(PreflightAge)));
    }

    /// <summary>Pages are looked at, never called.</summary>
    private static bool IsApi(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.Ordinal)
        || path.StartsWithSegments("/openapi", StringComparison.Ordinal)
        || path.StartsWithSegments("/healthz", StringComparison.Ordinal);
}
