using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using OpenBitum.Access;
using OpenBitum.Chains;
using OpenBitum.Checkout;
using OpenBitum.Http;
using OpenBitum.Orders;
using OpenBitum.Settings;
using OpenBitum.Silo;
using OpenBitum.Webhooks;
using Xunit;

namespace OpenBitum.Tests.Settings;

public sealed class SampleTests
{
    [Fact]
    public void The_sample_shows_each_default_and_changes_nothing()
    {
        var sample = new ConfigurationBuilder().AddJsonFile(SampleFile()).Build();
        var nothing = new ConfigurationBuilder().Build();

        Same<DataOptions>("Data");
        Same<DatabaseOptions>("Database");
        Same<AccessOptions>("Auth");
        Same<RatesOptions>("Rates");
        Same<OrdersOptions>("Orders");
        Same<WebhooksOptions>("Webhooks");
        Same<ProxiesOptions>("Proxies");
        Same<CrossOriginOptions>("Cors");
        Assert.Equal(Instance.DefaultUrls, sample["Urls"]);

        foreach (var isLocal in new[] { true, false })
        {
            Assert.Equal(Chains(nothing, isLocal), Chains(sample, isLocal));
        }

        void Same<T>(string section)
            where T : class, new() => Assert.Equal(Read<T>(nothing, section), Read<T>(sample, section));
    }

    private static string Chains(IConfiguration configuration, bool isLocal) => JsonSerializer.Serialize(
        ChainCatalog.Of(new SettingsReader().Read<ChainsOptions>(configuration, "Chains"), isLocal).All);

    private static string Read<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        var reader = new SettingsReader();
        var settings = reader.Read<T>(configuration, section);
        Assert.Empty(reader.Problems);
        return string.Join('\n', typeof(T).GetProperties().Select(property => $"{property.Name}={Show(property.GetValue(settings))}"));
    }

    private static string Show(object? value) => value switch
    {
        System.Collections.Immutable.ImmutableArray<int> numbers => string.Join(',', numbers),
        System.Collections.Immutable.ImmutableArray<string> texts => texts.IsDefault ? "" : string.Join(',', texts),
        _ => value?.ToString() ?? "",
    };

    private static string SampleFile([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docker/appsettings.sample.json"));
}
