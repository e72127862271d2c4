using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Json;
using OpenBitum.ReadModel;
using OpenBitum.Silo;
using Orleans.Storage;

namespace OpenBitum.Tests.Hosting;

/// <summary>Every feature over a real store in a folder of its own, which goes with it.</summary>
public sealed class FeatureHost : IAsyncDisposable
{
    /// <summary>What is under way when a test stops the host has this long to arrive: a loaded machine takes its time.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo folder;

    private FeatureHost(TestHost silo, DirectoryInfo folder)
    {
        Silo = silo;
        this.folder = folder;
    }

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
        var folder = Directory.CreateTempSubdirectory("openbitum-");
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        var silo = await TestHost.Start(new TestHostOptions
        {
            Clock = clock,
            Services = services => services.AddFeatures(configuration).AddSingleton<IDatabase, StoreDatabase>().AddSingleton(SiloEngine.Records),
            Silo = silo =>
            {
                silo.UseEmbeddedStore(options =>
                {
                    options.DataDirectory = folder.FullName;
                    options.SerializerOptions = WireJson.Options;
                    options.SchemaScripts = [.. SchemaScripts.All.Select(script => new SchemaScript(script.Name, script.Sql))];
                });
                silo.Configure<EmbeddedGrainOptions>(options => (options.RoundTripMessages, options.StopTimeout) = (true, StopTimeout));
                engine(silo);
            },
        });
        return new FeatureHost(silo, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>The store's connections as sessions of the read model.</summary>
    private sealed class StoreDatabase(EmbeddedStore store) : IDatabase
    {
        private readonly ConditionalWeakTable<StoreConnection, SqlSession> sessions = [];

        public Task<T> Write<T>(Func<SqlSession, Task<T>> work) => store.Write(connection => Run(connection, work));

        public Task<T> Read<T>(Func<SqlSession, Task<T>> query) => store.Read(connection => Run(connection, query));

        // SQLite's asynchronous commands are done when they return.
        private T Run<T>(StoreConnection connection, Func<SqlSession, Task<T>> work) =>
            work(sessions.GetValue(connection, opened => new SqlSession(opened.Database, namesParameters: true))).GetAwaiter().GetResult();
    }
}
