using Npgsql;
using OpenBitum.ReadModel;
using OpenBitum.Silo;

namespace OpenBitum.Tests.Hosting;

/// <summary>
/// A database of one test on a real PostgreSQL server: the one that OPENBITUM_TEST_POSTGRES names (an Npgsql connection string of a role
/// that may create databases), or one of this process's own. It is dropped with the test.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string Variable = "OPENBITUM_TEST_POSTGRES";

    /// <summary>A loaded machine takes its time to serve those who wait for a connection, or for one another's rows.</summary>
    private const int PatienceSeconds = 600;

    private readonly NpgsqlDataSource server;
    private readonly string name;

    private TestDatabase(string connectionString)
    {
        name = $"openbitum_test_{Path.GetRandomFileName().Replace('.', '_')}";
        server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Timeout = PatienceSeconds,
            CommandTimeout = PatienceSeconds,
        }.ConnectionString);
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Database = name,
            MaxPoolSize = 20,
            Timeout = PatienceSeconds,
            CommandTimeout = PatienceSeconds,
            MaxAutoPrepare = 200,
        }.ConnectionString;
        Source = NpgsqlDataSource.Create(ConnectionString);
    }

    /// <summary>Why there is no server on this machine; null when there is one.</summary>
    public static string? Missing => Environment.GetEnvironmentVariable(Variable) is null ? PostgresServer.Missing : null;

    /// <summary>Skips the test that runs where there is no server.</summary>
    public static void SkipWithout()
    {
        if (Missing is not null)
        {
            throw new TestSkippedException(Missing);
        }
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public IDatabase ReadModel => new SessionDatabase(Source);

    /// <summary>With the schema of the program.</summary>
    public static async Task<TestDatabase> Create(CancellationToken cancellationToken)
    {
        var database = await CreateEmpty(cancellationToken);
        await ServerSchema.Apply(database.Source, cancellationToken);
        return database;
    }

    public static async Task<TestDatabase> CreateEmpty(CancellationToken cancellationToken)
    {
        var database = new TestDatabase(Environment.GetEnvironmentVariable(Variable) ?? (await PostgresServer.Shared).ConnectionString);

        // A language's order of text, as most servers are set up: what the read model sorts by bytes must not follow it.
        await database.Execute(
            $"CREATE DATABASE {database.name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'",
            cancellationToken);
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
