using OpenBitum.Chains;

namespace OpenBitum.ReadModel;

/// <summary>Table `blocks`: a chain's journal.</summary>
public static class BlockRows
{
    /// <summary>Of one chain, from the lowest up.</summary>
    public static Task<List<JournalBlock>> All(SqlSession session, string chain) =>
        session.Query(
            "SELECT height, hash, time, read_at FROM blocks WHERE chain = $1 ORDER BY height",
            reader => new JournalBlock(reader.GetInt64(0), reader.GetString(1), reader.Time(2), reader.Time(3)), chain);

    public static async Task Write(SqlSession session, string chain, IEnumerable<JournalBlock> blocks)
    {
        foreach (var block in blocks)
        {
            await session.Execute(
                """
                INSERT INTO blocks (chain, height, hash, time, read_at) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (chain, height) DO UPDATE SET hash = excluded.hash, time = excluded.time, read_at = excluded.read_at
                """,
                chain, block.Height, block.Hash, block.Time, block.ReadAt);
        }
    }

    public static Task RemoveAbove(SqlSession session, string chain, long height) =>
        session.Execute("DELETE FROM blocks WHERE chain = $1 AND height > $2", chain, height);

    public static Task RemoveBelow(SqlSession session, string chain, long height) =>
        session.Execute("DELETE FROM blocks WHERE chain = $1 AND height < $2", chain, height);
}
