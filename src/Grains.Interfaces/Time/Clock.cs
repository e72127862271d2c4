namespace OpenBitum.Time;

public static class Clock
{
    /// <summary>The time in UTC, whole milliseconds: the precision in which times are stored, so that a reload changes none.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) =>
        DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}
