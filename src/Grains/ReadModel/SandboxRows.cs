using OpenBitum.Chains;

namespace OpenBitum.ReadModel;

/// <summary>Tables `sandbox_blocks`, `sandbox_transactions` and `sandbox_counters`. Block 0 has no row: it is the same everywhere.</summary>
public static class SandboxRows
{
    /// <summary>Null while there is block 0 only.</summary>
    public static Task<SandboxBlock?> Tip(SqlSession session) =>
        session.First("SELECT height, hash, raw FROM sandbox_blocks ORDER BY height DESC LIMIT 1", BlockOf);

    public static Task<SandboxBlock?> Block(SqlSession session, string hash) =>
        session.First("SELECT height, hash, raw FROM sandbox_blocks WHERE hash = $1", BlockOf, hash);

    /// <summary>Blocks from a height up.</summary>
    public static Task<List<SandboxBlock>> Blocks(SqlSession session, long from, int count) =>
        session.Query(
            "SELECT height, hash, raw FROM sandbox_blocks WHERE height >= $1 AND height < $2 ORDER BY height",
            BlockOf, from, from + count);

    /// <summary>The mempool, in the order in which it was filled.</summary>
    public static Task<List<SandboxTransaction>> Unconfirmed(SqlSession session) =>
        session.Query("SELECT id, raw FROM sandbox_transactions WHERE height IS NULL ORDER BY number", TransactionOf);

    /// <summary>Payments of the blocks above a height, in the chain's order.</summary>
    public static Task<List<SandboxTransaction>> ConfirmedAbove(SqlSession session, long height) =>
        session.Query("SELECT id, raw FROM sandbox_transactions WHERE height > $1 ORDER BY height, number", TransactionOf, height);

    /// <summary>Null when there is none; Height null while it is unconfirmed.</summary>
    public static Task<(SandboxTransaction Transaction, long? Height)?> Find(SqlSession session, string id) =>
        session.First<(SandboxTransaction, long?)?>(
            "SELECT id, raw, height FROM sandbox_transactions WHERE id = $1",
            reader => (TransactionOf(reader), reader.LongOrNull(2)), id);

    public static Task Insert(SqlSession session, SandboxBlock block) =>
        session.Execute("INSERT INTO sandbox_blocks (height, hash, raw) VALUES ($1, $2, $3)", block.Height, block.Hash, block.Raw);

    public static Task Insert(SqlSession session, long number, SandboxTransaction transaction) =>
        session.Execute(
            "INSERT INTO sandbox_transactions (number, id, raw, height) VALUES ($1, $2, $3, NULL)",
            number, transaction.Id, transaction.Raw);

    public static Task Confirm(SqlSession session, string id, long height) =>
        session.Execute("UPDATE sandbox_transactions SET height = $1 WHERE id = $2", height, id);

    public static Task Remove(SqlSession session, string id) =>
        session.Execute("DELETE FROM sandbox_transactions WHERE id = $1", id);

    public static async Task RemoveBlocksAbove(SqlSession session, long height)
    {
        await session.Execute("DELETE FROM sandbox_blocks WHERE height > $1", height);
        await session.Execute("UPDATE sandbox_transactions SET height = NULL WHERE height > $1", height);
    }

    /// <summary>The next number of a counter, from 1; never given twice, so that nothing made of one is.</summary>
    public static Task<long> Next(SqlSession session, string counter) =>
        session.First(
            "INSERT INTO sandbox_counters (name, last) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET last = sandbox_counters.last + 1 RETURNING last",
            reader => reader.GetInt64(0), counter);

    private static SandboxBlock BlockOf(System.Data.Common.DbDataReader reader) =>
        new(reader.GetInt64(0), reader.GetString(1), reader.GetString(2));

    private static SandboxTransaction TransactionOf(System.Data.Common.DbDataReader reader) => new(reader.GetString(0), reader.GetString(1));
}
