using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using OpenBitum.Settings;

namespace OpenBitum.Http;

/// <summary>Edge mode: with a secret set, only the gateway that stamps it is answered. Health stays open for monitors.</summary>
internal sealed class EdgeSecret(RequestDelegate next, EdgeOptions options)
{
    public const string Header = "x-edge-secret";

    // Hashes are of one length: comparing the texts themselves would tell how long the secret is.
    private readonly byte[]? expected = options.Secret is null ? null : Hash(options.Secret);

    public Task InvokeAsync(HttpContext context) =>
        expected is null || IsHealth(context.Request.Path) || IsStamped(context.Request.Headers[Header])
            ? next(context)
            : context.Response.WriteError(HttpError.NotByGateway);

    private static bool IsHealth(PathString path) => path.StartsWithSegments("/healthz", StringComparison.Ordinal);

    /// <summary>The header twice means that a client's own came through the gateway.</summary>
    private bool IsStamped(Microsoft.Extensions.Primitives.StringValues stamps) =>
        stamps is [{ } stamp] && CryptographicOperations.FixedTimeEquals(Hash(stamp), expected);

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <param name="Secret">Key `EdgeSecret`; null: everybody is answered.</param>
internal sealed partial record EdgeOptions(string? Secret)
{
    private const string Wanted = "24-200 printable ASCII characters without a space, such as `openssl rand -hex 32` prints";

    public static EdgeOptions Of(IConfiguration configuration, SettingsReader reader)
    {
        const string Key = "EdgeSecret";
        if (configuration.GetSection(Key).GetChildren().Any())
        {
            reader.Refuse(Key, $"holds one value and nothing below it; write {Wanted}.");
        }

        var secret = configuration[Key];
        if (string.IsNullOrEmpty(secret))
        {
            return new EdgeOptions((string?)null);
        }

        if (!Form().IsMatch(secret))
        {
            reader.Refuse(Key, $"is out of its bounds; write {Wanted}.");
        }

        return new EdgeOptions(secret);
    }

    // A record prints its members; this one must not.
    public override string ToString() => nameof(EdgeOptions);

    [GeneratedRegex(@"\A[!-~]{24,200}\z")]
    private static partial Regex Form();
}
