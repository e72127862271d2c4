namespace OpenBitum.ReadModel;

/// <summary>
/// The database of the instance: SQLite with one writer on one machine, PostgreSQL on many. The twin of the engine gives the
/// connections; the SQL is one set, in this folder.
/// </summary>
public interface IDatabase
{
    /// <summary>
    /// Runs the work in one transaction and answers once it is durable. Works of many callers may share a transaction, and one may
    /// run again from the start when the transaction could not be committed: it changes nothing but the database.
    /// </summary>
    /// <exception cref="System.Data.Common.DbException">Nothing was written.</exception>
    Task<T> Write<T>(Func<SqlSession, Task<T>> work);

    /// <summary>Runs queries that see everything acknowledged before.</summary>
    Task<T> Read<T>(Func<SqlSession, Task<T>> query);
}
