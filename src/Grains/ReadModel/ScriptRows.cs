namespace OpenBitum.ReadModel;

/// <summary>Table `scripts`.</summary>
public static class ScriptRows
{
    private const int MostInOneStatement = 50;

    private static readonly string ManyListeners =
        $"SELECT script, listener FROM scripts WHERE chain = $1 AND script IN ({Parameters(MostInOneStatement)})";

    /// <summary>
    /// Takes a script for a listener; true too when it has it already, so that a repeated step is told the same. False when it is
    /// another's: allocate again.
    /// </summary>
    public static async Task<bool> Claim(
        SqlSession session, string chain, string script, string listener, string keyId, long keyIndex, DateTimeOffset at)
    {
        var inserted = await session.Execute(
            """
            INSERT INTO scripts (chain, script, listener, key_id, key_index, created_at) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (chain, script) DO NOTHING
            """,
            chain, script, listener, keyId, keyIndex, at);
        return inserted == 1 || await session.First(
            "SELECT listener FROM scripts WHERE chain = $1 AND script = $2", reader => reader.GetString(0), chain, script) == listener;
    }

    /// <summary>A page of a chain's scripts behind <paramref name="after"/> (empty: from the first), in their order.</summary>
    public static Task<List<string>> Page(SqlSession session, string chain, string after, int limit) =>
        session.Query(
            "SELECT script FROM scripts WHERE chain = $1 AND script > $2 ORDER BY script LIMIT $3",
            reader => reader.GetString(0), chain, after, limit);

    /// <summary>Who wants to hear of these scripts; one that nobody claimed is left out.</summary>
    public static async Task<Dictionary<string, string>> Listeners(SqlSession session, string chain, IReadOnlyCollection<string> scripts)
    {
        var listeners = new Dictionary<string, string>(scripts.Count, StringComparer.Ordinal);
        foreach (var some in scripts.Chunk(MostInOneStatement))
        {
            // One prepared statement for every number of scripts: what is over is bound to nothing.
            var values = new object?[MostInOneStatement + 1];
            values[0] = chain;
            some.CopyTo(values, 1);
            foreach (var (script, listener) in await session.Query(ManyListeners, reader => (reader.GetString(0), reader.GetString(1)), values))
            {
                listeners[script] = listener;
            }
        }

        return listeners;
    }

    private static string Parameters(int count) => string.Join(", ", Enumerable.Range(2, count).Select(number => $"${number}"));
}
