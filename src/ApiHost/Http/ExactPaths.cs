using Microsoft.AspNetCore.Routing.Patterns;

namespace OpenBitum.Http;

/// <summary>
/// Routing overlooks case and a slash at the end; a proxy in front that guards paths does not. One spelling of each path is known,
/// all others are not found.
/// </summary>
internal sealed class ExactPaths(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint() is not RouteEndpoint endpoint || IsExact(endpoint.RoutePattern, context.Request.Path.Value!)
            ? next(context)
            : context.Response.WriteError(HttpError.NotFound);

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
            if (segment.Parts is [RoutePatternLiteralPart literal] && !text.SequenceEqual(literal.Content))
            {
                return false;
            }

            rest = rest[text.Length..];
        }

        return rest.IsEmpty || path == "/";
    }
}
