using OpenBitum.Idempotency;

namespace OpenBitum.ReadModel;

/// <param name="Key">The grain's key.</param>
/// <param name="RequestHash">SHA-256 of the raw body in hex.</param>
/// <param name="Seed">The ULID of the ids to be made.</param>
/// <param name="CreatedAt">When the key was reserved.</param>
/// <param name="Answer">Null until the call has succeeded.</param>
public sealed record IdempotencyRow(string Key, string RequestHash, string Seed, DateTimeOffset CreatedAt, StoredAnswer? Answer);

/// <summary>Table `idempotency_keys`.</summary>
public static class IdempotencyRows
{
    public static Task<IdempotencyRow?> Find(SqlSession session, string key) =>
        session.First(
            "SELECT key, request_hash, seed, created_at, status, location, body FROM idempotency_keys WHERE key = $1",
            reader => new IdempotencyRow(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.Time(3),
                reader.LongOrNull(4) is { } status
                    ? new StoredAnswer((int)status, reader.StringOrNull(5), reader.StringOrNull(6) ?? "")
                    : null),
            key);

    public static Task<int> Upsert(SqlSession session, IdempotencyRow row) =>
        session.Execute(
            """
            INSERT INTO idempotency_keys (key, request_hash, seed, created_at, status, location, body)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (key) DO UPDATE SET request_hash = excluded.request_hash, seed = excluded.seed,
                created_at = excluded.created_at, status = excluded.status, location = excluded.location, body = excluded.body
            """,
            row.Key, row.RequestHash, row.Seed, row.CreatedAt, (long?)row.Answer?.Status, row.Answer?.Location, row.Answer?.Body);

    public static Task<int> Delete(SqlSession session, string key) =>
        session.Execute("DELETE FROM idempotency_keys WHERE key = $1", key);

    /// <summary>Removes at most a thousand keys that were reserved before this; answers how many.</summary>
    public static Task<int> DeleteBefore(SqlSession session, DateTimeOffset before) =>
        session.Execute(
            "DELETE FROM idempotency_keys WHERE key IN (SELECT key FROM idempotency_keys WHERE created_at <= $1 ORDER BY created_at LIMIT 1000)",
            before);
}
