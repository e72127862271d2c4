using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Orleans.Storage;

/// <summary>
/// A prepared statement of the engine's own tables. It speaks to SQLite directly: at 20,000 writes a second the
/// parameter and reader objects of ADO.NET would cost more than SQLite itself.
/// </summary>
internal sealed class StoreStatement : IDisposable
{
    private const int StackBytes = 256;

    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    public StoreStatement(sqlite3 database, string sql)
    {
        this.database = database;
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement), database);
    }

    public StoreStatement Bind(int index, long value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(statement, index, value), database);
        return this;
    }

    public StoreStatement Bind(int index, string value)
    {
        // Keys are short, so the common case needs no buffer from the heap.
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most <= StackBytes)
        {
            Span<byte> utf8 = stackalloc byte[StackBytes];
            return BindUtf8(index, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            return BindUtf8(index, rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public StoreStatement BindUtf8(int index, ReadOnlySpan<byte> utf8)
    {
        // A null pointer would bind NULL; an empty string has to stay one.
        SqliteException.ThrowExceptionForRC(
            utf8.IsEmpty ? raw.sqlite3_bind_text(statement, index, "") : raw.sqlite3_bind_text(statement, index, utf8),
            database);
        return this;
    }

    /// <summary>Moves to the next row; false behind the last, and then the statement is ready for new values.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW) return true;

        raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(result, database);
        return false;
    }

    /// <summary>Runs to the end and answers how many rows were changed.</summary>
    public int Run()
    {
        while (Step()) { }

        return raw.sqlite3_changes(database);
    }

    public long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    /// <summary>The bytes of a text as SQLite holds them; valid until the next <see cref="Step"/>.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(statement, column);

    /// <summary>Lets go of a row that was not read to the end; an open row would hold the snapshot of the reader.</summary>
    public void Reset() => raw.sqlite3_reset(statement);

    public void Dispose() => statement.Dispose();
}
