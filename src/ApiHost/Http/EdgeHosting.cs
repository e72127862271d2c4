using OpenBitum.Settings;

namespace OpenBitum.Http;

/// <summary>What stands between the host and those who call it: proxies, a gateway, pages of other origins.</summary>
internal static class EdgeHosting
{
    public static IServiceCollection AddEdge(this IServiceCollection services, IConfiguration configuration) => services
        .AddForwarding(configuration)
        .AddCrossOrigin(configuration)
        .AddSingleton(EdgeOptions.Of(configuration, services.SettingsReader()));
}
