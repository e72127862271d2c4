namespace OpenBitum.Access;

/// <summary>A fixed window of a minute that begins with the first call in it. One of them counts exactly when its owner takes turns.</summary>
/// <param name="StartedAt">When its first call came.</param>
/// <param name="Calls">How many came, refused ones included only while they were below the limit.</param>
public readonly record struct RateWindow(DateTimeOffset StartedAt, int Calls)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    /// <summary>A clock that was set back ends the window too: nobody waits for it to come round again.</summary>
    public bool IsOver(DateTimeOffset now) => now - StartedAt >= Length || now < StartedAt;

    /// <summary>Counts one call, in this window or, when it is over, in one that begins now.</summary>
    public (RateWindow Next, RateStanding Standing) Take(int limit, DateTimeOffset now)
    {
        var current = IsOver(now) ? new RateWindow(now, 0) : this;
        var exceeded = current.Calls >= limit;

        // Refused calls are not counted: whoever keeps calling does not push the end away, and no count overflows.
        var next = exceeded ? current : current with { Calls = current.Calls + 1 };
        return (next, next.Standing(limit, exceeded, now));
    }

    private RateStanding Standing(int limit, bool exceeded, DateTimeOffset now)
    {
        var left = StartedAt + Length - now;
        return new RateStanding(limit, limit - Calls, (int)((left.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond), exceeded);
    }
}
