namespace OpenBitum.Http;

/// <summary>
/// Clients of the gateway form write `/portalpay/api/…`: the prefix goes before anything else looks, so that both forms are one.
/// </summary>
internal sealed class Prefix(RequestDelegate next)
{
    public const string Name = "/portalpay";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments(Name, StringComparison.Ordinal, out var rest)
            && (rest.StartsWithSegments("/api", StringComparison.Ordinal)
                || rest.StartsWithSegments("/healthz", StringComparison.Ordinal)))
        {
            context.Request.Path = rest;
        }

        return next(context);
    }
}
