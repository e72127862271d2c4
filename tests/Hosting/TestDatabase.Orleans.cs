using Npgsql;
using OpenBitum.Silo;

namespace OpenBitum.Tests.Hosting;

/// <summary>
/// A database of one test host, on the server that OPENBITUM_TEST_POSTGRES names (an Npgsql connection string of a role that may
/// create databases). It is dropped with the host.
/// </summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private const string Variable = "OPENBITUM_TEST_POSTGRES";

    private readonly NpgsqlDataSource server;
    private readonly string name;

    private TestDatabase(NpgsqlDataSource server, string name)
    {
        this.server = server;
        this.name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(ServerConnectionString) { Database = name, MaxPoolSize = 20 }.ConnectionString;
        Source = NpgsqlDataSource.Create(ConnectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    private static string ServerConnectionString => Environment.GetEnvironmentVariable(Variable)
        ?? throw new InvalidOperationException($"Set {Variable} to a PostgreSQL server, e.g. `Host=127.0.0.1;Username=postgres`.");

    public static async Task<TestDatabase> Create(CancellationToken cancellationToken)
    {
        var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ServerConnectionString) { Pooling = false }.ConnectionString);
        var database = new TestDatabase(server, $"openbitum_test_{Path.GetRandomFileName().Replace('.', '_')}");
        await database.Execute($"CREATE DATABASE {database.name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'", cancellationToken);
        await ServerSchema.Apply(database.Source, cancellationToken);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Execute($"DROP DATABASE {name} WITH (FORCE)", CancellationToken.None);
        await server.DisposeAsync();
    }

    private async Task Execute(string sql, CancellationToken cancellationToken)
    {
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
