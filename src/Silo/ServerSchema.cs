using System.Data.Common;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using OpenBitum.ReadModel;

namespace OpenBitum.Silo;

/// <summary>The database does not fit the program, and the message says what a person can do about it.</summary>
internal sealed class SchemaRefusedException(string message) : Exception(message);

/// <summary>
/// Brings a database server to the schema of the program: the engine's tables, the instance's secrets and the read model, each script
/// once. Processes that start together wait for one another.
/// </summary>
internal static class ServerSchema
{
    private const string Folder = "OpenBitum.Silo.Postgres.";

    /// <summary>Any number will do as long as nobody else locks it: the first eight letters of the product.</summary>
    private const long LockNumber = 0x4F_70_65_6E_42_69_74_75;

    /// <exception cref="SchemaRefusedException">The database has scripts that the program lacks, or others than it has.</exception>
    public static Task Apply(DbDataSource source, CancellationToken cancellationToken) =>
        Apply(source, [ServerScripts(), [.. SchemaScripts.All.Select(script => (script.Name, ByBytes(script.Sql)))]], cancellationToken);

    /// <param name="source">The database.</param>
    /// <param name="scripts">Lists that grow independently, so each has its own order.</param>
    /// <param name="cancellationToken">Leaves whole scripts applied.</param>
    internal static async Task Apply(
        DbDataSource source, IReadOnlyList<IReadOnlyList<(string Name, string Sql)>> scripts, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await Execute(connection, null, $"SELECT pg_advisory_lock({LockNumber})", [], cancellationToken);
        try
        {
            await Execute(
                connection, null,
                """
                CREATE TABLE IF NOT EXISTS schema_scripts (
                    name       text        NOT NULL PRIMARY KEY,
                    hash       text        NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now(),
                    applied_by text        NOT NULL
                )
                """,
                [], cancellationToken);
            var applied = await Applied(connection, cancellationToken);
            RefuseNewer(applied, [.. scripts.SelectMany(list => list).Select(script => script.Name)]);
            foreach (var list in scripts)
            {
                RefuseDifferent(list, applied);
            }

            foreach (var (name, sql) in scripts.SelectMany(list => list).Where(script => !applied.ContainsKey(script.Name)))
            {
                await ApplyOne(connection, name, sql, cancellationToken);
            }
        }
        finally
        {
            await Execute(connection, null, $"SELECT pg_advisory_unlock({LockNumber})", [], CancellationToken.None);
        }
    }

    private static void RefuseNewer(Dictionary<string, AppliedScript> applied, HashSet<string> known)
    {
        if (applied.Keys.Where(name => !known.Contains(name)).Order(StringComparer.Ordinal).LastOrDefault() is { } newest)
        {
            throw new SchemaRefusedException(
                $"The database is newer than the program: version {applied[newest].By} has brought it to schema script '{newest}', which this "
                + $"version {ProgramVersion()} does not know. Run version {applied[newest].By} or later, or restore a backup from before.");
        }
    }

    private static void RefuseDifferent(IReadOnlyList<(string Name, string Sql)> scripts, Dictionary<string, AppliedScript> applied)
    {
        string? missing = null;
        foreach (var (name, sql) in scripts)
        {
            if (!applied.TryGetValue(name, out var earlier))
            {
                missing ??= name;
            }
            else if (missing is not null)
            {
                throw new SchemaRefusedException(
                    $"Schema script '{missing}' stands before '{name}', which the database already has. "
                    + "A new script has to come last: this program and the database belong to different branches.");
            }
            else if (earlier.Hash != Hash(sql))
            {
                throw new SchemaRefusedException(
                    $"Schema script '{name}' has changed since version {earlier.By} applied it to this database. "
                    + "Applied scripts are final: run that version, or restore its text and add a new script.");
            }
        }
    }

    private static async Task ApplyOne(DbConnection connection, string name, string sql, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Execute(connection, transaction, sql, [], cancellationToken);
        await Execute(
            connection, transaction, "INSERT INTO schema_scripts (name, hash, applied_by) VALUES ($1, $2, $3)",
            [name, Hash(sql), ProgramVersion()], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static List<(string Name, string Sql)> ServerScripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => ($"server/{name[Folder.Length..^".sql".Length]}", ReadAll(assembly, name))),
        ];
    }

    // The read model's text compares by its bytes, as in SQLite: pages are cut by that order, and a database made with a language's
    // order would sort '~', which stands behind every id, before the letters.
    private static string ByBytes(string sql) => Regex.Replace(sql, @"\bTEXT\b", "TEXT COLLATE \"C\"");

    private static string ReadAll(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    private static async Task<Dictionary<string, AppliedScript>> Applied(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, hash, applied_by FROM schema_scripts";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var scripts = new Dictionary<string, AppliedScript>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            scripts.Add(reader.GetString(0), new AppliedScript(reader.GetString(1), reader.GetString(2)));
        }

        return scripts;
    }

    // A checkout on Windows may have turned the line ends.
    private static string Hash(string sql) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql.ReplaceLineEndings("\n").Trim())));

    private static string ProgramVersion() => typeof(ServerSchema).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    private static async Task Execute(
        DbConnection connection, DbTransaction? transaction, string sql, string[] values, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var value in values)
        {
            var parameter = command.CreateParameter();
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private readonly record struct AppliedScript(string Hash, string By);
}
