using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Orleans.Storage;

/// <summary>
/// One connection with its prepared statements. Work that gets one uses it until it returns, on that thread, and keeps
/// nothing of it; transactions are the store's business.
/// </summary>
public sealed class StoreConnection : IDisposable
{
    // The engine's own statements are constants, so the reference tells them apart without hashing the text.
    private readonly Dictionary<object, StoreStatement> statements = new(ReferenceEqualityComparer.Instance);

    private readonly EtagSequence? etags;

    private StoreConnection(SqliteConnection database, EtagSequence? etags)
    {
        Database = database;
        this.etags = etags;
    }

    /// <summary>The ADO.NET connection. It is in the store's transaction already; commands need not name one.</summary>
    public SqliteConnection Database { get; }

    internal bool IsInTransaction => raw.sqlite3_get_autocommit(Database.Handle) == 0;

    internal static StoreConnection OpenWriter(string path, EmbeddedStoreOptions options, EtagSequence etags)
    {
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate, etags);
        try
        {
            connection.ConfigureWriter(options);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal static StoreConnection OpenReader(string path, int cacheKibibytes)
    {
        var connection = Open(path, SqliteOpenMode.ReadOnly, etags: null);
        try
        {
            connection.Configure(cacheKibibytes);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The engine's own statement; <paramref name="sql"/> is a constant.</summary>
    internal StoreStatement Statement(string sql)
    {
        if (statements.TryGetValue(sql, out var statement)) return statement;

        statement = new StoreStatement(Database.Handle!, sql);
        statements.Add(sql, statement);
        return statement;
    }

    /// <summary>The next ETag of the file; on the writer only.</summary>
    internal long NextEtag()
        => (etags ?? throw new InvalidOperationException("A connection that reads draws no ETags.")).Next();

    internal void Run(string sql) => Statement(sql).Run();

    /// <summary>Closes what work that threw has left between two rows: it would hold the log's snapshot.</summary>
    internal void ResetStatements()
    {
        foreach (var statement in statements.Values)
        {
            statement.Reset();
        }
    }

    internal void RollbackIfOpen()
    {
        // After some errors SQLite has rolled back by itself.
        if (IsInTransaction) Run("ROLLBACK");
    }

    /// <summary>Closing the last connection would tidy the log away; after this it leaves all as a crash would.</summary>
    internal void LeaveLogOnClose()
        => raw.sqlite3_db_config(Database.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        statements.Clear();
        Database.Dispose();
    }

    private static StoreConnection Open(string path, SqliteOpenMode mode, EtagSequence? etags)
    {
        // Pooling would keep handles open behind our back, and with them the log and the lock on the directory's disk.
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 5,
        }.ToString();
        var database = new SqliteConnection(text);
        try
        {
            database.Open();
            return new StoreConnection(database, etags);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void ConfigureWriter(EmbeddedStoreOptions options)
    {
        Configure(options.WriterCacheKibibytes);
        var mode = Scalar("PRAGMA journal_mode = WAL");
        if (!string.Equals(mode, "wal", StringComparison.OrdinalIgnoreCase))
        {
            throw new StoreRefusedException(StoreRefusal.NotWritable,
                $"{Database.DataSource} cannot keep a write-ahead log (journal mode '{mode}'). "
                + "Put the data directory on a local disk.");
        }

        // FULL syncs the log at each commit; NORMAL would lose acknowledged orders at a power cut.
        Execute("PRAGMA synchronous = FULL");
        Execute($"PRAGMA wal_autocheckpoint = {options.CheckpointPages}");
        // A burst may stretch the log; it shrinks to this again.
        Execute($"PRAGMA journal_size_limit = {options.CheckpointPages * 4096L * 2}");
    }

    private void Configure(int cacheKibibytes)
    {
        // Another program (a backup, a person with the sqlite3 shell) may hold a lock for a moment.
        Execute("PRAGMA busy_timeout = 5000");
        Execute($"PRAGMA cache_size = -{cacheKibibytes}");
        Execute("PRAGMA temp_store = MEMORY");
        Execute("PRAGMA foreign_keys = ON");
        // A mapped file turns a read error into a signal that ends the process, and counts as resident memory.
        Execute("PRAGMA mmap_size = 0");
    }

    internal string? Scalar(string sql)
    {
        using var command = Database.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    internal void Execute(string sql)
    {
        using var command = Database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
