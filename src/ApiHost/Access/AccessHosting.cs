using OpenBitum.Settings;

namespace OpenBitum.Access;

internal static class AccessHosting
{
    /// <summary>The issuer that this instance trusts: its own, or the one that is configured.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        var options = services.AddSettings<AccessOptions>(configuration, "Auth");
        services.AddSingleton<TokenVerifier>();
        services.AddSingleton<SessionKey>();
        services.AddSingleton<Session>();
        services.AddSingleton<SignInAttempts>();
        services.AddSingleton<SignInLink>();
        services.AddSingleton<AddressLimits>();
        services.AddSingleton<CredentialGuard>();
        services.AddSingleton<KeyGate>();
        if (options.HasOwnIssuer)
        {
            services.AddSingleton(provider => IssuerKey.Of(provider.GetRequiredService<ISecretStore>()));
            services.AddSingleton<OwnIssuer>();
            return services.AddSingleton<IIssuerKeys, OwnIssuerKeys>();
        }

        services.AddSingleton<IssuerConnection>();
        services.AddSingleton<OidcIssuerKeys>();
        if (options.HasSignIn)
        {
            services.AddSingleton<OidcSignIn>();
        }

        return services.AddSingleton<IIssuerKeys>(provider => provider.GetRequiredService<OidcIssuerKeys>());
    }
}
