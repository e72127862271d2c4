using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OpenBitum.Access;
using OpenBitum.Json;
using OpenBitum.ReadModel;
using OpenBitum.Settings;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService;
using Orleans.Storage;

namespace OpenBitum.Silo;

/// <summary>Many processes, one PostgreSQL: silos host the grains, API hosts call them.</summary>
public static class SiloEngine
{
    private const string Name = "openbitum";
    private const string Invariant = "Npgsql";
    private const string ConnectionStringKey = "Database:ConnectionString";

    // A command meets every grain once, so none has to stay for long.
    private static readonly TimeSpan IdleInCommand = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CollectionInCommand = TimeSpan.FromSeconds(10);

    // A record that was cleared may leave its row. The provider keeps a text key in the extension; one that it takes for a number or a
    // GUID has none, which fails the rebuild aloud, and no grain of ours has such a key.
    internal static GrainRecords Records { get; } = new(
        $"""
        SELECT grainidextensionstring AS grain_key FROM orleansstorage
        WHERE graintypestring = $1 AND serviceid = '{Name}' AND payloadbinary IS NOT NULL
        """);

    /// <summary>Hosts the grains of every feature in this process.</summary>
    public static IHostApplicationBuilder HostGrains(this IHostApplicationBuilder builder)
    {
        builder.HostGrains(builder.AddServer(), silo => silo.AddStartupTask(GrainStart.Run));
        return builder;
    }

    /// <summary>
    /// Hosts the grains for a command over everything that is stored, with no other process at work on it. None is woken at the start.
    /// </summary>
    public static IHostApplicationBuilder HostGrainsAlone(this IHostApplicationBuilder builder)
    {
        var connectionString = builder.AddServer();

        // Behind the schema, which it reads, and before the engine, which joins the cluster.
        builder.Services.AddHostedService<NoOtherSilo>();
        builder.HostGrains(connectionString, silo => silo.Configure<GrainCollectionOptions>(collection =>
        {
            collection.CollectionQuantum = CollectionInCommand;
            collection.CollectionAge = IdleInCommand;
        }));
        return builder;
    }

    private static void HostGrains(this IHostApplicationBuilder builder, string connectionString, Action<ISiloBuilder> configure)
    {
        builder.UseOrleans(silo => configure(silo
            .Configure<ClusterOptions>(Join)
            .Configure<ClusterMembershipOptions>(LetJoiningSilosEndThemselves)
            .UseAdoNetClustering(options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = connectionString;
            })
            .UseAdoNetReminderService(options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = connectionString;
            })
            .AddAdoNetGrainStorage("grains", options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = connectionString;
                options.GrainStorageSerializer = new WireJsonSerializer();
                options.DeleteStateOnClear = true;
            })));
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SignsOfLife>();
        builder.Services.AddSingleton<IDatabase, SessionDatabase>();
        builder.Services.AddSingleton(Records);
        builder.Services.AddFeatures(builder.Configuration);
    }

    /// <summary>Calls the grains of the cluster from this process, which hosts none.</summary>
    public static IHostApplicationBuilder ReachGrains(this IHostApplicationBuilder builder)
    {
        var connectionString = builder.AddServer();
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(Join)
            .UseAdoNetClustering(options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = connectionString;
            }));
        builder.Services.AddFeatures(builder.Configuration);
        return builder;
    }

    /// <summary>The instance's own secrets, beside running hosts too; not before the configuration is in order.</summary>
    /// <exception cref="SettingsRefusedException">Names every wrong key.</exception>
    public static ISecretStore OpenSecrets(IConfiguration configuration, SettingsReader reader)
    {
        var connectionString = ReadConnectionString(reader, reader.Read<DatabaseOptions>(configuration, "Database"));
        reader.RefuseProblems();
        var source = Open(connectionString);
        ServerSchema.Apply(source, CancellationToken.None).GetAwaiter().GetResult();
        return new ServerSecrets(source);
    }

    /// <summary>What a person can do about a start that failed; null where it is not the engine's to say.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        NpgsqlException unreachable => $"PostgreSQL cannot be used ({unreachable.Message}). See {ConnectionStringKey}.",
        InstanceRunsException or SchemaRefusedException => failure.Message,
        OrleansClusterConnectivityCheckFailedException unanswered =>
            $"Silos that are at work do not answer this one ({unanswered.Message}). Let all silos reach each other at the ports of "
            + "Orleans:Endpoints, and see that each one's Orleans:Endpoints:AdvertisedIPAddress is an address that the others reach.",
        _ => null,
    };

    private static string AddServer(this IHostApplicationBuilder builder)
    {
        var options = builder.Services.AddSettings<DatabaseOptions>(builder.Configuration, "Database");
        var connectionString = ReadConnectionString(builder.Services.SettingsReader(), options);
        builder.Services.AddSingleton<DbDataSource>(_ => Open(connectionString));
        builder.Services.AddSingleton<ISecretStore, ServerSecrets>();

        // Before the engine, whose providers read their queries from the database when they start.
        builder.Services.AddHostedService<ServerStart>();
        return connectionString;
    }

    private static string ReadConnectionString(SettingsReader reader, DatabaseOptions options)
    {
        if (string.IsNullOrEmpty(options.ConnectionString))
        {
            reader.Refuse(ConnectionStringKey, "is not set; write one such as Host=localhost;Database=openbitum;Username=openbitum;Password=….");
        }

        return options.ConnectionString ?? "";
    }

    private static NpgsqlDataSource Open(string connectionString)
    {
        // The read model's statements are few and constant: the server parses each once per connection.
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (builder.MaxAutoPrepare == 0)
        {
            builder.MaxAutoPrepare = 200;
        }

        return NpgsqlDataSource.Create(builder);
    }

    private static void Join(ClusterOptions options)
    {
        options.ClusterId = Name;
        options.ServiceId = Name;
    }

    // A silo that has not joined after five minutes says why and ends. Members that evict it for its age include itself, which is first
    // and aborts the process. One that was killed while it joined is missed like any other: it is silent and does not answer.
    private static void LetJoiningSilosEndThemselves(ClusterMembershipOptions options) => options.EvictWhenMaxJoinAttemptTimeExceeded = false;

    /// <summary>Grain records as the other engine stores them: System.Text.Json, the same names.</summary>
    internal sealed class WireJsonSerializer : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, WireJson.Options));

        public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, WireJson.Options)!;
    }

    private sealed class ServerStart(DbDataSource source) : IHostedService
    {
        /// <summary>Further off, orders would expire while their payment is in time.</summary>
        private static readonly TimeSpan MostClockSkew = TimeSpan.FromSeconds(2);

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await ServerSchema.Apply(source, cancellationToken);
            await using var command = source.CreateCommand("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
            var server = DateTimeOffset.FromUnixTimeMilliseconds((long)(await command.ExecuteScalarAsync(cancellationToken))!);
            var skew = TimeProvider.System.GetUtcNow() - server;
            if (skew.Duration() > MostClockSkew)
            {
                throw new InvalidOperationException(
                    $"This machine's clock is {skew.TotalSeconds:F1} s off the database's; let both follow a time server.");
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Silos are at work on the database that a command wants for itself.</summary>
    private sealed class InstanceRunsException(string message) : Exception(message);

    /// <summary>Refuses to start beside silos that are alive by the membership table.</summary>
    private sealed class NoOtherSilo(DbDataSource source) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            // Silos say three times in these 90 s that they are alive; one that was killed is not waited for longer. 6 is dead.
            await using var command = source.CreateCommand(
                $"""
                SELECT string_agg(siloname || ' on ' || hostname, ', ' ORDER BY siloname) FROM orleansmembershiptable
                WHERE deploymentid = '{Name}' AND status <> 6 AND iamalivetime > now() - interval '90 seconds'
                """);
            if (await command.ExecuteScalarAsync(cancellationToken) is string silos)
            {
                throw new InstanceRunsException(
                    $"The instance is running ({silos}); stop every silo first. One that was killed counts as running for 90 s.");
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
