namespace OpenBitum.Http;

/// <summary>
/// Refuses a request that says its length twice, by number and by chunks. A server may go by the chunks, but whoever sends such a
/// request hopes that the proxy before it goes by the number (RFC 9112 section 6.1).
/// </summary>
internal sealed class Framing(RequestDelegate next)
{
    /// <summary>Where the server puts a Content-Length that it overrules.</summary>
    private const string Overruled = "X-Content-Length";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.TransferEncoding.Count == 0 || !context.Request.Headers.ContainsKey(Overruled))
        {
            return next(context);
        }

        context.Response.Headers.Connection = "close";
        return context.Response.WriteError(HttpError.Malformed);
    }
}
