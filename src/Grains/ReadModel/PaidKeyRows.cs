namespace OpenBitum.ReadModel;

/// <summary>Table `paid_keys`: how far a key's addresses have been paid, for the warning before a wallet's gap limit.</summary>
public static class PaidKeyRows
{
    /// <summary>
    /// A payment to this script was confirmed. Changes nothing when nobody claimed the script, or a later address of its key was paid
    /// already.
    /// </summary>
    public static Task<int> Mark(SqlSession session, string chain, string script) =>
        session.Execute(
            """
            INSERT INTO paid_keys (key_id, highest_index)
            SELECT key_id, key_index FROM scripts WHERE chain = $1 AND script = $2
            ON CONFLICT (key_id) DO UPDATE SET highest_index = excluded.highest_index
            WHERE paid_keys.highest_index < excluded.highest_index
            """,
            chain, script);

    /// <summary>The highest index of a key that was ever paid; null when none was.</summary>
    public static Task<long?> HighestPaid(SqlSession session, string keyId) =>
        session.First<long?>(
            "SELECT highest_index FROM paid_keys WHERE key_id = $1", reader => reader.GetInt64(0), keyId);
}
