using OpenBitum.Outbox;

namespace OpenBitum.ReadModel;

/// <summary>Table `unpublished`: the marks of grains that have something to publish.</summary>
public static class UnpublishedRows
{
    /// <summary>When a rebuild marks: before all other marks, so that none of them is taken for one of its own.</summary>
    public static readonly DateTimeOffset Rebuilding = DateTimeOffset.UnixEpoch;

    public static Task<int> Mark(SqlSession session, string kind, string grainKey, DateTimeOffset at) =>
        session.Execute(
            """
            INSERT INTO unpublished (kind, grain_key, marked_at) VALUES ($1, $2, $3)
            ON CONFLICT (kind, grain_key) DO UPDATE SET marked_at = excluded.marked_at
            """,
            kind, grainKey, at);

    public static Task<int> Remove(SqlSession session, string kind, string grainKey) =>
        session.Execute("DELETE FROM unpublished WHERE kind = $1 AND grain_key = $2", kind, grainKey);

    /// <summary>The next marks behind one, oldest first, made at or before a time; those that stay are passed and not met again.</summary>
    public static Task<List<Mark>> Behind(SqlSession session, Mark last, DateTimeOffset before, int limit) =>
        session.Query(
            """
            SELECT marked_at, kind, grain_key FROM unpublished
            WHERE marked_at <= $1 AND (marked_at, kind, grain_key) > ($2, $3, $4)
            ORDER BY marked_at, kind, grain_key LIMIT $5
            """,
            reader => new Mark(reader.Time(0), reader.GetString(1), reader.GetString(2)),
            before, last.At, last.Kind, last.Key, limit);

    /// <summary>
    /// Puts the tables of a kind back to where its grains have published nothing, and marks every grain that has a record.
    /// </summary>
    public static async Task<int> MarkAll(SqlSession session, PublishingKind kind, GrainRecords records)
    {
        foreach (var table in kind.Tables)
        {
            await session.Execute($"DELETE FROM {table}");
        }

        var marked = await session.Execute(
            $"""
            INSERT INTO unpublished (kind, grain_key, marked_at)
            SELECT CAST($1 AS TEXT), grain_key, CAST($2 AS BIGINT) FROM ({records.KeysOfState}) AS kept WHERE true
            ON CONFLICT (kind, grain_key) DO UPDATE SET marked_at = excluded.marked_at
            """,
            kind.Kind, Rebuilding);
        foreach (var table in kind.StandingTables)
        {
            await session.Execute(
                $"""
                DELETE FROM {table} WHERE NOT EXISTS
                    (SELECT 1 FROM unpublished WHERE kind = $1 AND grain_key = {table}.id AND marked_at = $2)
                """,
                kind.Kind, Rebuilding);
            await session.Execute($"UPDATE {table} SET version = 0");
        }

        return marked;
    }
}
