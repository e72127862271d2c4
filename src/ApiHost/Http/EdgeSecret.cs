using System.Security.Cryptography;
using System.Text;

namespace OpenBitum.Http;

/// <summary>Edge mode: with a secret set, only the gateway that stamps it is answered. Health stays open for monitors.</summary>
internal sealed class EdgeSecret(RequestDelegate next, EdgeOptions options)
{
    private readonly byte[] expected = Encoding.UTF8.GetBytes(options.Secret ?? "");

    public Task InvokeAsync(HttpContext context)
    {
        var isOpen = expected.Length == 0 || context.Request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal);
        var stamped = Encoding.UTF8.GetBytes(context.Request.Headers["x-edge-secret"].ToString());
        return isOpen || CryptographicOperations.FixedTimeEquals(stamped, expected)
            ? next(context)
            : context.Response.WriteError(HttpError.Forbidden);
    }
}

/// <param name="Secret">Key `EdgeSecret`; null: everybody is answered.</param>
internal sealed record EdgeOptions(string? Secret);
