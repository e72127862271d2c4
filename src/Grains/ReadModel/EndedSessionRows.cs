namespace OpenBitum.ReadModel;

/// <summary>Table `ended_sessions`.</summary>
public static class EndedSessionRows
{
    public static Task<bool> Exists(SqlSession session, string key) =>
        session.First("SELECT 1 FROM ended_sessions WHERE key = $1", _ => true, key);

    public static Task<int> Insert(SqlSession session, string key, DateTimeOffset expiresAt) =>
        session.Execute("INSERT INTO ended_sessions (key, expires_at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING", key, expiresAt);

    /// <summary>Removes at most a thousand whose token has ended; answers how many.</summary>
    public static Task<int> DeleteBefore(SqlSession session, DateTimeOffset before) =>
        session.Execute(
            "DELETE FROM ended_sessions WHERE key IN (SELECT key FROM ended_sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT 1000)",
            before);
}
