using Orleans.Runtime;

namespace Orleans.Reminders;

/// <summary>One durable registration. Ticks fall at <see cref="StartAt"/> + N × <see cref="Period"/>.</summary>
/// <param name="NextDue">The first tick that has not been fired yet; the table is indexed by it.</param>
/// <param name="ETag">Changes with every <see cref="IReminderTable.Upsert"/>; null before the first.</param>
public sealed record ReminderRow(
    GrainId GrainId, string Name, DateTimeOffset StartAt, TimeSpan Period, DateTimeOffset NextDue, string? ETag);

/// <summary>
/// A place in the order (<see cref="ReminderRow.NextDue"/>, grain type, grain key, name), compared ordinally: where the
/// last page ended.
/// </summary>
public readonly record struct ReminderCursor(DateTimeOffset NextDue, GrainId GrainId, string Name);

/// <summary>The rows of all reminders. The reminder service keeps only those of its next window in memory.</summary>
public interface IReminderTable
{
    /// <summary>The row, or null when the grain has no reminder of this name.</summary>
    Task<ReminderRow?> Read(GrainId grainId, string name);

    /// <summary>Every reminder of one grain, by name.</summary>
    Task<IReadOnlyList<ReminderRow>> ReadAll(GrainId grainId);

    /// <summary>
    /// The next rows behind <paramref name="after"/> whose <see cref="ReminderRow.NextDue"/> is at or before
    /// <paramref name="until"/>, in the order of <see cref="ReminderCursor"/>, at most <paramref name="limit"/>.
    /// </summary>
    Task<IReadOnlyList<ReminderRow>> ReadDue(ReminderCursor? after, DateTimeOffset until, int limit);

    /// <summary>Writes the row whatever its ETag was, durably, and answers the new ETag.</summary>
    Task<string> Upsert(ReminderRow row);

    /// <summary>Removes the row durably; false when it is gone or has another ETag.</summary>
    Task<bool> Remove(GrainId grainId, string name, string etag);

    /// <summary>
    /// Moves <see cref="ReminderRow.NextDue"/> of those rows whose ETag still matches; the ETag stays. Losing this
    /// in a crash is harmless (a tick is recomputed from its start), so it need not be synced by itself.
    /// </summary>
    Task Advance(IReadOnlyList<ReminderRow> rows);
}
