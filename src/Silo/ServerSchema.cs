using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;
using OpenBitum.ReadModel;

namespace OpenBitum.Silo;

/// <summary>
/// Brings a database server to the schema of the program: the engine's tables, the instance's secrets and the read model, each script
/// once. Processes that start together wait for one another.
/// </summary>
internal static class ServerSchema
{
    private const string Folder = "OpenBitum.Silo.Postgres.";

    /// <summary>Any number will do as long as nobody else locks it: the first eight letters of the product.</summary>
    private const long LockNumber = 0x4F_70_65_6E_42_69_74_75;

    public static async Task Apply(DbDataSource source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await Execute(connection, null, $"SELECT pg_advisory_lock({LockNumber})", cancellationToken);
        try
        {
            await Execute(connection, null,
                "CREATE TABLE IF NOT EXISTS schema_scripts (name text NOT NULL PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
                cancellationToken);
            var applied = await Applied(connection, cancellationToken);
            foreach (var (name, sql) in Scripts().Where(script => !applied.Contains(script.Name)))
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await Execute(connection, transaction, sql, cancellationToken);
                await Execute(connection, transaction, $"INSERT INTO schema_scripts (name) VALUES ('{name}')", cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        }
        finally
        {
            await Execute(connection, null, $"SELECT pg_advisory_unlock({LockNumber})", CancellationToken.None);
        }
    }

    private static IEnumerable<(string Name, string Sql)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var server = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => ($"server/{name[Folder.Length..^".sql".Length]}", ReadAll(assembly, name)));
        return server.Concat(SchemaScripts.All.Select(script => (script.Name, ByBytes(script.Sql))));
    }

    // The read model's text compares by its bytes, as in SQLite: pages are cut by that order, and a database made with a language's
    // order would sort '~', which stands behind every id, before the letters.
    private static string ByBytes(string sql) => Regex.Replace(sql, @"\bTEXT\b", "TEXT COLLATE \"C\"");

    private static string ReadAll(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    private static async Task<HashSet<string>> Applied(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM schema_scripts";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static async Task Execute(DbConnection connection, DbTransaction? transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
