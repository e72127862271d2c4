using Microsoft.Extensions.Configuration;

namespace OpenBitum.Settings;

/// <summary>What is true of the whole instance.</summary>
/// <param name="PublicBaseUrl">What checkoutUrl and links begin with; no slash at its end.</param>
/// <param name="IsLocal">
/// The public address is a loopback address: somebody tries the service on their own machine. The environment's name decides nothing.
/// </param>
public sealed record Instance(string PublicBaseUrl, bool IsLocal)
{
    public const string DefaultUrls = "http://127.0.0.1:4000";

    public bool IsHttps => PublicBaseUrl.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>Reads `PublicBaseUrl`, by default the first of `Urls`.</summary>
    public static Instance Of(IConfiguration configuration, SettingsReader reader)
    {
        var named = configuration["PublicBaseUrl"];
        var key = string.IsNullOrEmpty(named) ? "Urls" : "PublicBaseUrl";
        var text = string.IsNullOrEmpty(named) ? FirstUrl(configuration["Urls"]) : named;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0 || url.PathAndQuery != "/" || url.Fragment.Length > 0)
        {
            reader.Refuse(key, $"is '{text}'; write an address such as {DefaultUrls} or https://shop.example, without a path.");
            return new Instance(DefaultUrls, true);
        }

        if (url.Port == 0 || url.Host is "0.0.0.0" or "[::]")
        {
            // Whoever listens on every address is reached at a name that cannot be known here, and is not only local.
            reader.Refuse("PublicBaseUrl", $"{(key == "Urls" ? "is not set and Urls is" : "is")} '{text}'; write the address that buyers use.");
        }

        return new Instance(url.GetLeftPart(UriPartial.Authority), url.IsLoopback);
    }

    private static string FirstUrl(string? urls) =>
        string.IsNullOrEmpty(urls) ? DefaultUrls : urls.Split(';', StringSplitOptions.TrimEntries)[0]
            // Kestrel's own spellings of "every address".
            .Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
}
