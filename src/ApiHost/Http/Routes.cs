namespace OpenBitum.Http;

internal static class Routes
{
    /// <summary>A read answers HEAD too, as monitors and caches expect.</summary>
    public static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static bool IsWrite(this HttpRequest request) => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);

    /// <summary>The query parameters that the route knows; any other is refused. A body may be left out.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params string[] query) =>
        route.WithMetadata(new Takes([.. query], NeedsBody: false));

    /// <summary>A write that needs a JSON object.</summary>
    public static RouteHandlerBuilder TakesBody(this RouteHandlerBuilder route) =>
        route.WithMetadata(new Takes([], NeedsBody: true));

    /// <summary>
    /// An answer that must not be given twice, such as a session's: an Idempotency-Key is taken and nothing is kept under it.
    /// </summary>
    public static RouteHandlerBuilder NeverStored(this RouteHandlerBuilder route) => route.WithMetadata(new NeverStored());
}

/// <inheritdoc cref="Routes.NeverStored"/>
internal sealed record NeverStored;
