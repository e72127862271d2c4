using System.Data.Common;

namespace OpenBitum.ReadModel;

/// <summary>
/// A connection with its prepared statements. Parameters are $1, $2, … in order: text, 64-bit integers (times as Unix
/// milliseconds, booleans as 0 and 1) or null, which is what SQLite and PostgreSQL read alike.
/// </summary>
/// <param name="connection">Open; used by one caller at a time.</param>
/// <param name="namesParameters">True where a driver wants `$1` as a name (SQLite), false where it counts them (Npgsql).</param>
public sealed class SqlSession(DbConnection connection, bool namesParameters) : IDisposable
{
    /// <summary>
    /// Far more than the constant statements there are. Lists of orders have some thousand shapes, which nobody asks for in turn; kept for
    /// good, each connection would hold every one that was ever asked for.
    /// </summary>
    internal const int MostPrepared = 256;

    private readonly Dictionary<string, DbCommand> prepared = new(StringComparer.Ordinal);

    /// <summary>The transaction that commands run in; null outside of one.</summary>
    public DbTransaction? Transaction { get; set; }

    internal int PreparedCount => prepared.Count;

    /// <summary>Runs a statement; answers how many rows it changed.</summary>
    public Task<int> Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQueryAsync();

    /// <summary>All rows.</summary>
    public Task<List<T>> Query<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values) =>
        ReadAll(Bind(sql, values), map);

    /// <summary>The first row, or default.</summary>
    public Task<T?> First<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values) =>
        ReadFirst(Bind(sql, values), map);

    public void Dispose() => Forget();

    private void Forget()
    {
        foreach (var command in prepared.Values)
        {
            command.Dispose();
        }

        prepared.Clear();
    }

    private static async Task<List<T>> ReadAll<T>(DbCommand command, Func<DbDataReader, T> map)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    private static async Task<T?> ReadFirst<T>(DbCommand command, Func<DbDataReader, T> map)
    {
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? map(reader) : default;
    }

    private DbCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            // Those in use are prepared anew in a moment, which is simpler than to know which they are.
            if (prepared.Count == MostPrepared)
            {
                Forget();
            }

            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var number = 1; number <= values.Length; number++)
            {
                var parameter = command.CreateParameter();
                if (namesParameters)
                {
                    parameter.ParameterName = $"${number}";
                }

                command.Parameters.Add(parameter);
            }

            prepared.Add(sql, command);
        }

        command.Transaction = Transaction;
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] switch
            {
                null => DBNull.Value,
                string or long => values[index],
                int number => (long)number,
                bool flag => flag ? 1L : 0L,
                DateTimeOffset time => time.ToUnixTimeMilliseconds(),
                var other => throw new ArgumentException($"A {other.GetType().Name} is not bound; pass text or a whole number."),
            };
        }

        return command;
    }
}

public static class DbDataReaderExtensions
{
    public static string? StringOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? LongOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public static DateTimeOffset Time(this DbDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);
}
