namespace OpenBitum.ReadModel;

/// <summary>How rows leave the log.</summary>
public static partial class DeliveryRows
{
    private const int MostDeletedAtOnce = 1_000;

    /// <summary>Removes at most a thousand deliveries that ended before this, with their attempts; answers how many.</summary>
    public static async Task<int> DeleteBefore(SqlSession session, DateTimeOffset before)
    {
        const string ended = "SELECT id FROM deliveries WHERE finished_at <= $1 ORDER BY finished_at, id LIMIT";
        await session.Execute($"DELETE FROM delivery_attempts WHERE delivery IN ({ended} {MostDeletedAtOnce})", before);
        return await session.Execute($"DELETE FROM deliveries WHERE id IN ({ended} {MostDeletedAtOnce})", before);
    }
}
