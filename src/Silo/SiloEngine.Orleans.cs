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
using Orleans.Storage;

namespace OpenBitum.Silo;

/// <summary>Many processes, one PostgreSQL: silos host the grains, API hosts call them.</summary>
public static class SiloEngine
{
    private const string Name = "openbitum";
    private const string Invariant = "Npgsql";
    private const string ConnectionStringKey = "Database:ConnectionString";

    /// <summary>Hosts the grains of every feature in this process.</summary>
    public static IHostApplicationBuilder HostGrains(this IHostApplicationBuilder builder)
    {
        var connectionString = builder.AddServer();
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(Join)
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
            })
            .AddStartupTask(GrainStart.Run));
        builder.Services.AddSingleton<IDatabase, SessionDatabase>();
        builder.Services.AddFeatures(builder.Configuration);
        return builder;
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
    public static string? Explain(Exception failure) => failure is NpgsqlException unreachable
        ? $"PostgreSQL cannot be used ({unreachable.Message}). See {ConnectionStringKey}."
        : null;

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

    /// <summary>Grain records as the other engine stores them: System.Text.Json, the same names.</summary>
    internal sealed class WireJsonSerializer : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, WireJson.Options));

        public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, WireJson.Options)!;
    }

    private sealed class ServerStart(DbDataSource source, TimeProvider clock) : IHostedService
    {
        /// <summary>Further off, orders would expire while their payment is in time.</summary>
        private static readonly TimeSpan MostClockSkew = TimeSpan.FromSeconds(2);

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await ServerSchema.Apply(source, cancellationToken);
            await using var command = source.CreateCommand("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
            var server = DateTimeOffset.FromUnixTimeMilliseconds((long)(await command.ExecuteScalarAsync(cancellationToken))!);
            var skew = clock.GetUtcNow() - server;
            if (skew.Duration() > MostClockSkew)
            {
                throw new InvalidOperationException(
                    $"This machine's clock is {skew.TotalSeconds:F1} s off the database's; let both follow a time server.");
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
