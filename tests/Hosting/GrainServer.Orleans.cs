using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenBitum.ReadModel;
using OpenBitum.Settings;
using OpenBitum.Silo;
using Orleans.Configuration;

namespace OpenBitum.Tests.Hosting;

/// <summary>
/// What stands behind an API host of a test: here silos as the program runs them, on ports of their own in the test process, and a
/// database of their own on a real server.
/// </summary>
public sealed class GrainServer : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly List<IHost> silos = [];

    private GrainServer(TestDatabase database) => this.database = database;

    /// <summary>Why no API host can run on this machine; null when one can.</summary>
    public static string? Missing => TestDatabase.Missing;

    /// <summary>How many processes would host the grains.</summary>
    public static int Silos => TestHost.SilosWanted;

    /// <summary>The settings by which a host or a command finds the grains.</summary>
    public string[] Settings => [$"--Database:ConnectionString={database.ConnectionString}"];

    /// <summary>The settings of another host that may run at the same time: any number of them share the database.</summary>
    public string[] SettingsOfAnother => Settings;

    /// <param name="folder">The folder of the API host, which holds nothing here.</param>
    public static async Task<GrainServer> Create(string folder) => new(await TestDatabase.CreateEmpty(CancellationToken.None));

    /// <summary>Leaves what no test may move to the real time: see <see cref="TestHost.KeepClusterOnRealTime"/>.</summary>
    /// <param name="services">Of the host, or of what stands behind it.</param>
    public static void KeepOnRealTime(IServiceCollection services) => TestHost.KeepClusterOnRealTime(services);

    /// <param name="settings">The command line of the host.</param>
    /// <param name="replace">Puts other services in place of some.</param>
    public async Task Start(string[] settings, Action<IServiceCollection> replace)
    {
        while (silos.Count < Silos)
        {
            var builder = Host.CreateApplicationBuilder([.. settings, "--hostBuilder:reloadConfigOnChange=false"]);
            // What it has to say stands in the log of the suite; the console is for tests.
            builder.Logging.ClearProviders();
            replace(builder.Services);

            // Activations are entered for collection by the machine's clock whatever this area's says, and a host's clock may stand before it.
            builder.Services.AddKeyedSingleton(TimeProviderNames.ActivationManagement, TimeProvider.System);
            builder.HostGrains();
            builder.Services.RefuseWrongSettings();
            var (siloPort, gatewayPort) = (FreePort.Next(), FreePort.Next());
            builder.Services.Configure<EndpointOptions>(endpoint =>
            {
                endpoint.AdvertisedIPAddress = IPAddress.Loopback;
                endpoint.SiloPort = siloPort;
                endpoint.GatewayPort = gatewayPort;
            });
            var silo = builder.Build();
            silos.Add(silo);
            await silo.StartAsync();
        }
    }

    public async Task Stop()
    {
        foreach (var silo in silos)
        {
            await silo.StopAsync();
            silo.Dispose();
        }

        silos.Clear();
    }

    /// <param name="host">The services of the API host, which opens no database itself.</param>
    public IDatabase Database(IServiceProvider host) => database.ReadModel;

    /// <summary>Puts another value in place of a secret of the instance, or none; answers the one that was there.</summary>
    public async Task<string> ReplaceSecret(string name, string? value)
    {
        await using var select = database.Source.CreateCommand("SELECT value FROM instance_secrets WHERE name = $1");
        select.Parameters.Add(new NpgsqlParameter { Value = name });
        var former = (string)(await select.ExecuteScalarAsync())!;
        await Execute("DELETE FROM instance_secrets WHERE name = $1", name);
        if (value is not null)
        {
            await Execute("INSERT INTO instance_secrets (name, value) VALUES ($1, $2)", name, value);
        }

        return former;
    }

    /// <summary>Changes the database behind the back of whoever uses it.</summary>
    public async Task Execute(string sql, params string[] values)
    {
        await using var command = database.Source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Looks at every row of every table; bytes are shown in hexadecimal digits.</summary>
    public async Task<bool> Holds(string text)
    {
        var tables = new List<string>();
        await using (var list = database.Source.CreateCommand("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        await using (var reader = await list.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        foreach (var table in tables)
        {
            await using var count = database.Source.CreateCommand(
                $"SELECT COUNT(*) FROM {table} AS r WHERE strpos(r::text, $1) > 0 OR strpos(r::text, $2) > 0");
            count.Parameters.Add(new NpgsqlParameter { Value = text });
            count.Parameters.Add(new NpgsqlParameter { Value = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)) });
            if (Convert.ToInt64(await count.ExecuteScalarAsync(), CultureInfo.InvariantCulture) > 0)
            {
                return true;
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await database.DisposeAsync();
    }
}
