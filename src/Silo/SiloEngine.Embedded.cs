using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenBitum.Access;
using OpenBitum.Json;
using OpenBitum.ReadModel;
using OpenBitum.Settings;
using Orleans.Storage;

namespace OpenBitum.Silo;

/// <summary>One process, one file: the grains run wherever they are called from.</summary>
public static class SiloEngine
{
    /// <summary>A command meets every grain once, so none has to stay for long.</summary>
    private static readonly TimeSpan IdleInCommand = TimeSpan.FromSeconds(10);

    internal static GrainRecords Records { get; } = new("SELECT grain_key FROM grain_state WHERE state_name = $1");

    /// <summary>Hosts the grains of every feature in this process.</summary>
    public static IHostApplicationBuilder HostGrains(this IHostApplicationBuilder builder) =>
        builder.HostGrains(silo => silo.AddStartupTask(GrainStart.Run));

    /// <summary>
    /// Hosts the grains for a command over everything that is stored, with no other process at work on it. None is woken at the start.
    /// </summary>
    public static IHostApplicationBuilder HostGrainsAlone(this IHostApplicationBuilder builder) =>
        builder.HostGrains(silo => silo.Configure<EmbeddedGrainOptions>(engine => engine.CollectionAge = IdleInCommand), mustExist: true);

    /// <summary>Calls the grains from this process: here that is where they run.</summary>
    public static IHostApplicationBuilder ReachGrains(this IHostApplicationBuilder builder) => builder.HostGrains();

    /// <summary>The instance's own secrets, beside a running host too; not before the configuration is in order.</summary>
    /// <exception cref="SettingsRefusedException">Names every wrong key.</exception>
    public static ISecretStore OpenSecrets(IConfiguration configuration, SettingsReader reader)
    {
        var data = reader.Read<DataOptions>(configuration, "Data");
        RefuseDatabase(configuration, reader);
        reader.RefuseProblems();
        return OpenSecrets(data);
    }

    /// <summary>What a person can do about a start that failed; null where it is not the engine's to say.</summary>
    public static string? Explain(Exception failure) => (failure as StoreRefusedException)?.Message;

    private static IHostApplicationBuilder HostGrains(
        this IHostApplicationBuilder builder, Action<ISiloBuilder> configure, bool mustExist = false)
    {
        var data = builder.Services.AddSettings<DataOptions>(builder.Configuration, "Data");
        RefuseDatabase(builder.Configuration, builder.Services.SettingsReader());
        builder.UseOrleans(silo =>
        {
            silo.UseEmbeddedStore(options =>
            {
                options.DataDirectory = data.Directory;
                options.MustExist = mustExist;
                options.SerializerOptions = WireJson.Options;
                options.SchemaScripts = [.. SchemaScripts.All.Select(script => new SchemaScript(script.Name, script.Sql))];
            });
            configure(silo);
        });
        builder.Services.AddSingleton<IDatabase, StoreDatabase>();
        builder.Services.AddSingleton(Records);
        builder.Services.AddSingleton(OpenSecrets(data));
        builder.Services.AddFeatures(builder.Configuration);
        return builder;
    }

    /// <summary>Whoever names a database believes that the orders are there: passed over, they would be in the file, unseen.</summary>
    private static void RefuseDatabase(IConfiguration configuration, SettingsReader reader)
    {
        if (!string.IsNullOrEmpty(reader.Read<DatabaseOptions>(configuration, "Database").ConnectionString))
        {
            reader.Refuse(
                "Database:ConnectionString",
                "is for the engine Orleans, and this build keeps everything in Data:Directory; leave it out, or build with "
                    + "-p:GrainEngine=Orleans.");
        }
    }

    private static ISecretStore OpenSecrets(DataOptions data) => new FileSecrets(data.Directory);

    /// <summary>The store's connections as sessions of the read model.</summary>
    private sealed class StoreDatabase(EmbeddedStore store) : IDatabase
    {
        private readonly ConditionalWeakTable<StoreConnection, SqlSession> sessions = [];

        public Task<T> Write<T>(Func<SqlSession, Task<T>> work) =>
            store.Write((Self: this, Work: work), static (connection, state) => state.Self.Run(connection, state.Work));

        public Task<T> Read<T>(Func<SqlSession, Task<T>> query) =>
            store.Read((Self: this, Work: query), static (connection, state) => state.Self.Run(connection, state.Work));

        private T Run<T>(StoreConnection connection, Func<SqlSession, Task<T>> work)
        {
            var session = sessions.GetValue(connection, static opened => new SqlSession(opened.Database, namesParameters: true));
            var task = work(session);

            // SQLite's asynchronous commands are done when they return. Work that waits for anything else would hold up every writer.
            return task.IsCompleted
                ? task.GetAwaiter().GetResult()
                : throw new InvalidOperationException("Work on the database awaits nothing but its session.");
        }
    }
}
