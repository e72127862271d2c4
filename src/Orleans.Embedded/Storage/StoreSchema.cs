using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Orleans.Storage;

/// <summary>
/// Brings a file to the schema of the program: numbered scripts, each applied once, in order, in a transaction of its
/// own that also records it.
/// </summary>
internal static class StoreSchema
{
    private const string ResourcePrefix = "Orleans.Storage.Schema.";

    /// <exception cref="StoreRefusedException">The file has scripts that the program lacks, or others than it has.</exception>
    public static void Apply(StoreConnection connection, IReadOnlyList<SchemaScript> hostScripts, DateTimeOffset now)
    {
        var program = ProgramVersion();
        connection.Execute(
            """
            CREATE TABLE IF NOT EXISTS schema_scripts (
                name       TEXT NOT NULL PRIMARY KEY,
                hash       TEXT NOT NULL,
                applied_at TEXT NOT NULL,
                applied_by TEXT NOT NULL
            ) WITHOUT ROWID
            """);
        var applied = ReadApplied(connection);
        var engineScripts = EngineScripts();
        RefuseNewer(applied, [.. engineScripts, .. hostScripts], program);

        // The two lists grow independently, so each has its own order.
        ApplyInOrder(connection, engineScripts, applied, now, program);
        ApplyInOrder(connection, hostScripts, applied, now, program);
    }

    public static IReadOnlyList<SchemaScript> EngineScripts()
    {
        var assembly = typeof(StoreSchema).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => new SchemaScript(name[ResourcePrefix.Length..^".sql".Length], Read(assembly, name))),
        ];
    }

    private static void RefuseNewer(
        Dictionary<string, Applied> applied, IReadOnlyList<SchemaScript> known, string program)
    {
        var names = known.Select(script => script.Name).ToHashSet(StringComparer.Ordinal);
        var unknown = applied.Keys.Where(name => !names.Contains(name)).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length == 0) return;

        var newest = unknown[^1];
        var by = applied[newest].By;
        throw new StoreRefusedException(StoreRefusal.NewerThanProgram,
            $"The file is newer than the program: version {by} has brought it to schema script '{newest}', and this "
            + $"version {program} knows them up to '{known[^1].Name}'. Run version {by} or later, or restore a backup "
            + "from before.");
    }

    private static void ApplyInOrder(
        StoreConnection connection,
        IReadOnlyList<SchemaScript> scripts,
        Dictionary<string, Applied> applied,
        DateTimeOffset now,
        string program)
    {
        string? missing = null;
        foreach (var script in scripts)
        {
            var hash = Hash(script.Sql);
            if (!applied.TryGetValue(script.Name, out var earlier))
            {
                missing ??= script.Name;
            }
            else if (missing is not null)
            {
                throw new StoreRefusedException(StoreRefusal.ScriptsDiffer,
                    $"Schema script '{missing}' stands before '{script.Name}', which the file already has. "
                    + "A new script has to come last: this program and the file belong to different branches.");
            }
            else if (earlier.Hash != hash)
            {
                throw new StoreRefusedException(StoreRefusal.ScriptsDiffer,
                    $"Schema script '{script.Name}' has changed since version {earlier.By} applied it to this file. "
                    + "Applied scripts are final: run that version, or restore its text and add a new script.");
            }

            if (missing is null) continue;
            ApplyOne(connection, script, hash, now, program);
        }
    }

    private static void ApplyOne(
        StoreConnection connection, SchemaScript script, string hash, DateTimeOffset now, string program)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            connection.Execute(script.Sql);
            connection.Statement("INSERT INTO schema_scripts (name, hash, applied_at, applied_by) VALUES (?1, ?2, ?3, ?4)")
                .Bind(1, script.Name)
                .Bind(2, hash)
                .Bind(3, now.ToString("O", CultureInfo.InvariantCulture))
                .Bind(4, program)
                .Run();
            connection.Execute("COMMIT");
        }
        catch (SqliteException exception) when (!StoreFault.Is(exception))
        {
            connection.RollbackIfOpen();
            throw new StoreRefusedException(StoreRefusal.ScriptsDiffer,
                $"Schema script '{script.Name}' does not run on this file: {exception.Message}", exception);
        }
    }

    private static Dictionary<string, Applied> ReadApplied(StoreConnection connection)
    {
        var applied = new Dictionary<string, Applied>(StringComparer.Ordinal);
        var statement = connection.Statement("SELECT name, hash, applied_by FROM schema_scripts");
        while (statement.Step())
        {
            applied.Add(statement.Text(0), new Applied(statement.Text(1), statement.Text(2)));
        }

        return applied;
    }

    private static string Hash(string sql)
    {
        // A checkout on Windows may have turned the line ends.
        var text = sql.ReplaceLineEndings("\n").Trim();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string ProgramVersion()
        => typeof(StoreSchema).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    private readonly record struct Applied(string Hash, string By);
}
