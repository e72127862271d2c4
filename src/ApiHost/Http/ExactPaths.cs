using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace OpenBitum.Http;

/// <summary>
/// Routing overlooks case and a slash at the end; a proxy in front that guards paths or methods does not. One spelling of each path is
/// known, all others are not found; and of each method (RFC 9110 section 9.1).
/// </summary>
internal sealed class ExactPaths(RequestDelegate next, EndpointDataSource routes)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            return next(context);
        }

        if (!IsExact(endpoint, context.Request.Path.Value!) || !IsAsSent(context))
        {
            return context.Response.WriteError(HttpError.NotFound);
        }

        if (endpoint is RouteEndpoint && context.Request.Method.AsSpan().ContainsAnyInRange('a', 'z'))
        {
            context.Response.Headers.Allow = string.Join(", ", endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []);
            return context.Response.WriteError(HttpError.MethodNotAllowed);
        }

        return next(context);
    }

    /// <summary>Routing answers a wrong method by an endpoint of its own, which does not say whose path it is.</summary>
    private bool IsExact(Endpoint endpoint, string path) =>
        endpoint is RouteEndpoint route
            ? IsExact(route.RoutePattern, path)
            : routes.Endpoints.OfType<RouteEndpoint>().Any(known => IsExact(known.RoutePattern, path));

    /// <summary>What the server has decoded or resolved (`%61`, `/./`, `%2e%2e`) was another spelling.</summary>
    private static bool IsAsSent(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        // A proxy may send the absolute form (RFC 9112 section 3.2.2), and some servers tell none.
        if (target is not ['/', ..])
        {
            return true;
        }

        var query = target.IndexOf('?');
        var sent = query < 0 ? target : target[..query];
        var path = context.Request.Path.Value!;
        return sent.EndsWith(path, StringComparison.Ordinal) && (sent.Length == path.Length || sent[..^path.Length].SequenceEqual(Prefix.Name));
    }

    private static bool IsExact(RoutePattern pattern, string path)
    {
        var rest = path.AsSpan();
        foreach (var segment in pattern.PathSegments)
        {
            if (rest is not ['/', ..])
            {
                return false;
            }

            rest = rest[1..];
            var end = rest.IndexOf('/');
            var text = end < 0 ? rest : rest[..end];
            if (text.IsEmpty || (segment.Parts is [RoutePatternLiteralPart literal] && !text.SequenceEqual(literal.Content)))
            {
                return false;
            }

            rest = rest[text.Length..];
        }

        return rest.IsEmpty || path == "/";
    }
}
