using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;
using OpenBitum.Settings;

namespace OpenBitum.CommandLine;

/// <summary>A key that somebody wrote for this program and that nothing reads is a typo, and its value would be missed in silence.</summary>
internal static class WrittenSettings
{
    /// <summary>Single keys, the engines' sections, and what the platform reads.</summary>
    private static readonly string[] Besides =
    [
        "Urls", "PublicBaseUrl", "EdgeSecret", "GLUE_OUTBOUND_WEBHOOK_SECRET", "Data", "Database",
        "Logging", "Kestrel", "AllowedHosts", "Environment", "ContentRoot", "ApplicationName", "Http_Ports", "Https_Ports", "HostBuilder",
    ];

    /// <summary>After every section was read: refuses other keys of the command line and of appsettings.json.</summary>
    public static void RefuseUnknownSettings(this IHostApplicationBuilder builder)
    {
        var written = ((IConfigurationRoot)builder.Configuration).Providers
            .Where(provider => provider is CommandLineConfigurationProvider or JsonConfigurationProvider)
            .SelectMany(provider => provider.GetChildKeys([], null))
            .Distinct(StringComparer.OrdinalIgnoreCase);
        builder.Services.SettingsReader().RefuseUnread(written, Besides);
    }
}
