namespace Orleans.Storage;

/// <summary>
/// The ETags of a file: numbers that only grow, over all records and all restarts. They are reserved in blocks ahead of
/// their use, in a transaction of its own, so that drawing one costs nothing and undoing a batch returns none.
/// </summary>
internal sealed class EtagSequence
{
    private const long Block = 1_000_000;

    // Above the largest batch, each of whose jobs draws a few.
    private const long LowWater = 500_000;

    private long last;
    private long reserved;

    public void ReserveIfLow(StoreConnection connection)
    {
        if (reserved - last < LowWater) Reserve(connection);
    }

    public void Reserve(StoreConnection connection)
    {
        var end = 0L;
        var statement = connection
            .Statement("UPDATE etag_sequence SET reserved = reserved + ?1 RETURNING reserved")
            .Bind(1, Block);
        while (statement.Step())
        {
            end = statement.Int64(0);
        }

        // What is left of the last block is given up: after a failed COMMIT nobody knows which blocks the file knows of.
        last = end - Block;
        reserved = end;
    }

    public long Next()
    {
        if (last == reserved) throw new InvalidOperationException("One transaction has drawn more ETags than are reserved.");

        return ++last;
    }
}
