namespace OpenBitum.Access;

/// <summary>
/// Bounds the log lines that anybody can cause: ten a minute, and the next one says how many were left out. Without it, whoever sends
/// bad tokens fills the disk; without the count, an attack would look like ten mistakes.
/// </summary>
internal sealed class LogAllowance(TimeProvider clock)
{
    public const int LinesPerMinute = 10;

    private readonly Lock gate = new();
    private long? minute;
    private int lines;
    private int omitted;

    /// <summary>True when a line may be written.</summary>
    /// <param name="unsaid">How many could not be since the last one.</param>
    public bool Take(out int unsaid)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
            if (now != minute)
            {
                minute = now;
                lines = 0;
            }

            unsaid = omitted;
            var isFree = lines < LinesPerMinute;
            lines = isFree ? lines + 1 : lines;
            omitted = isFree ? 0 : omitted + 1;
            return isFree;
        }
    }
}
