namespace OpenBitum.Webhooks;

/// <summary>
/// How many deliveries may be on their way to one endpoint: one more with every answer, half with every silence. A dead endpoint holds
/// a single socket instead of its whole share, and one that answers again soon has its share back.
/// </summary>
/// <param name="limit">The endpoint's whole share.</param>
public sealed class DeliveryWindow(int limit)
{
    private const int AtStart = 4;
    private const int Least = 1;

    public int Size { get; private set; } = Math.Min(AtStart, limit);

    /// <summary>An answer is any HTTP status: whoever says 500 at once holds nobody up.</summary>
    public void Note(bool answered) =>
        Size = Math.Min(limit, answered ? Size + 1 : Math.Max(Least, Size / 2));
}
