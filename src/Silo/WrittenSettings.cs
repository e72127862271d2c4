using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Hosting;
using OpenBitum.Settings;

namespace OpenBitum.Silo;

/// <summary>A key that somebody wrote for this program and that nothing reads is a typo, and its value would be missed in silence.</summary>
public static class WrittenSettings
{
    /// <summary>
    /// Single keys, the sections of the HTTP host and of the engines, and what the platform reads. All programs of an instance are given
    /// the same file, so each knows what only another one reads.
    /// </summary>
    private static readonly string[] Besides =
    [
        "Urls", "PublicBaseUrl", "EdgeSecret", "GLUE_OUTBOUND_WEBHOOK_SECRET", "Auth", "Cors", "Proxies", "Data", "Database", "Orleans",
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
