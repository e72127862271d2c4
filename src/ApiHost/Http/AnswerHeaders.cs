using OpenBitum.Settings;

namespace OpenBitum.Http;

/// <summary>Headers of every answer.</summary>
internal sealed class AnswerHeaders(RequestDelegate next, Instance instance)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["X-Request-Id"] = context.TraceIdentifier;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), display-capture=(), geolocation=(), microphone=(), usb=()";
        // What may be kept says so itself.
        headers.CacheControl = "no-store";
        // Pages say more; an API answer that a browser opens as a page may do nothing at all.
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        if (instance.IsHttps && !instance.IsLocal)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return next(context);
    }
}
