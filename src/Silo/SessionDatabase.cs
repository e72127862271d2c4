using System.Data;
using System.Data.Common;
using OpenBitum.ReadModel;

namespace OpenBitum.Silo;

/// <summary>A database server with many connections: each work is one transaction of its own.</summary>
internal sealed class SessionDatabase(DbDataSource source) : IDatabase
{
    private const int MostAttempts = 4;

    public async Task<T> Write<T>(Func<SqlSession, Task<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnce(work);
            }
            catch (DbException conflict) when (IsConflict(conflict) && attempt < MostAttempts)
            {
                // The server has undone one of two transactions that waited for each other; this one runs again from the start.
            }
        }
    }

    public async Task<T> Read<T>(Func<SqlSession, Task<T>> query)
    {
        // Queries of one read belong together, a row and its parts, so all see the database of one moment. The driver sends the beginning
        // along with the first of them.
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        using var session = new SqlSession(connection, namesParameters: false) { Transaction = transaction };
        var result = await query(session);
        await transaction.CommitAsync();
        return result;
    }

    private async Task<T> WriteOnce<T>(Func<SqlSession, Task<T>> work)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        using var session = new SqlSession(connection, namesParameters: false) { Transaction = transaction };
        var result = await work(session);
        await transaction.CommitAsync();
        return result;
    }

    /// <summary>SQLSTATE class 40: transaction rollback, such as a deadlock.</summary>
    private static bool IsConflict(DbException failure) => failure.SqlState is ['4', '0', ..];
}
