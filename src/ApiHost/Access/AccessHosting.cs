using System.Net;
using OpenBitum.Settings;

namespace OpenBitum.Access;

internal static class AccessHosting
{
    /// <summary>The issuer that this instance trusts: its own, or the one that is configured.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        var options = services.AddSettings<AccessOptions>(configuration, "Auth");
        services.AddSingleton<TokenVerifier>();
        services.AddSingleton<Session>();
        services.AddSingleton<SignInLink>();
        services.AddSingleton<AddressLimits>();
        services.AddSingleton<KeyGate>();
        if (options.HasOwnIssuer)
        {
            services.AddSingleton(provider => IssuerKey.Of(provider.GetRequiredService<ISecretStore>()));
            services.AddSingleton<OwnIssuer>();
            return services.AddSingleton<IIssuerKeys, OwnIssuerKeys>();
        }

        return services.AddSingleton<IIssuerKeys>(provider => new OidcIssuerKeys(
            Connect(),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OidcIssuerKeys>>()));
    }

    private static HttpClient Connect() =>
        new(new SocketsHttpHandler
        {
            // An issuer answers under its own name; whatever else a redirect leads to is somebody else.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            MaxResponseContentBufferSize = OidcIssuerKeys.MaximumBytes,
        };
}
