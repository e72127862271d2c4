using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Orleans.Storage;

/// <summary>Tells errors of the file or disk, which concern every write, from those of one statement.</summary>
internal static class StoreFault
{
    /// <summary>The error is one of the disk or file, not of the statement that met it.</summary>
    public static bool Is(SqliteException exception) => exception.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_IOERR
        or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL
        or raw.SQLITE_NOMEM || IsCorruption(exception);

    /// <summary>No waiting helps: pages of the file are not what was written.</summary>
    public static bool IsCorruption(SqliteException exception)
        => exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>What an operator reads in the log and in the health answer.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_FULL } => "The disk is full.",
        SqliteException { SqliteErrorCode: raw.SQLITE_READONLY } => "The data directory is read-only.",
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED }
            => "Another program holds a write lock on the database file.",
        SqliteException corrupt when IsCorruption(corrupt)
            => "The database file is damaged; stop the service and restore a backup.",
        IOException headroom => $"The disk does not take a file of 256 KiB yet: {headroom.Message}",
        _ => $"The database file cannot be written: {exception.Message}",
    };

    /// <summary>The exception as a caller of the store should see it.</summary>
    public static Exception ForCaller(Exception exception) => exception is SqliteException sqlite && Is(sqlite)
        ? new StoreUnavailableException(Describe(sqlite), sqlite)
        : exception;
}
