namespace OpenBitum.Outbox;

/// <summary>
/// Grains that could not publish, each left alone for twice as long after each try: a record that cannot be read does not mend by being
/// read every minute, and would fill the log. Known in memory only, so a start tries all of them.
/// </summary>
internal sealed class Pauses
{
    private const int Most = 10_000;

    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(32);

    private readonly Dictionary<(string Kind, string Key), (DateTimeOffset Until, TimeSpan Length)> pauses = [];

    public bool Has(Mark mark, DateTimeOffset now) => pauses.TryGetValue((mark.Kind, mark.Key), out var pause) && now < pause.Until;

    /// <summary>Answers for how long it is left alone from now; not at all where too many are already.</summary>
    public TimeSpan Lengthen(Mark mark, DateTimeOffset now)
    {
        var name = (mark.Kind, mark.Key);
        var length = pauses.TryGetValue(name, out var last) ? Shorter(last.Length + last.Length, Longest) : First;
        if (pauses.Count >= Most && !pauses.ContainsKey(name))
        {
            return TimeSpan.Zero;
        }

        pauses[name] = (now + length, length);
        return length;
    }

    /// <summary>After a sweep: whoever still could not publish has a new pause, and the others are done.</summary>
    public void ForgetEnded(DateTimeOffset now)
    {
        foreach (var (name, pause) in pauses)
        {
            if (pause.Until <= now)
            {
                pauses.Remove(name);
            }
        }
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
