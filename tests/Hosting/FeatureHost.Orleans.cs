using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.ReadModel;
using OpenBitum.Silo;

namespace OpenBitum.Tests.Hosting;

/// <summary>Every feature over a real store in a database of its own, which goes with it.</summary>
public sealed class FeatureHost : IAsyncDisposable
{
    private FeatureHost(TestHost silo) => Silo = silo;

    public TestHost Silo { get; }

    public IGrainFactory Grains => Silo.GrainFactory;

    public IDatabase Database => Silo.Services.GetRequiredService<IDatabase>();

    /// <param name="clock">The silo's time.</param>
    /// <param name="settings">Configuration keys and values.</param>
    public static Task<FeatureHost> Start(TimeProvider clock, params (string Key, string Value)[] settings) =>
        Start(clock, _ => { }, settings);

    /// <inheritdoc cref="Start(TimeProvider, ValueTuple{string, string}[])"/>
    /// <param name="engine">The silo's own settings, such as call filters.</param>
    public static async Task<FeatureHost> Start(
        TimeProvider clock, Action<ISiloBuilder> engine, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        return new FeatureHost(await TestHost.Start(new TestHostOptions
        {
            Clock = clock,
            Services = services => services.AddFeatures(configuration).AddSingleton<IDatabase, SessionDatabase>().AddSingleton(SiloEngine.Records),
            Silo = engine,
        }));
    }

    public ValueTask DisposeAsync() => Silo.DisposeAsync();
}
