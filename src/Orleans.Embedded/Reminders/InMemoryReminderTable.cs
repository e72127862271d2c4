using System.Globalization;
using Orleans.Runtime;

namespace Orleans.Reminders;

/// <summary>Reminders that last as long as the object, for tests.</summary>
public sealed class InMemoryReminderTable : IReminderTable
{
    private readonly Lock gate = new();
    private readonly Dictionary<(GrainId GrainId, string Name), ReminderRow> reminders = [];
    private readonly SortedSet<ReminderCursor> byDue = new(Comparer<ReminderCursor>.Create(Compare));
    private long version;

    public Task<ReminderRow?> Read(GrainId grainId, string name)
    {
        lock (gate)
        {
            return Task.FromResult(reminders.GetValueOrDefault((grainId, name)));
        }
    }

    public Task<IReadOnlyList<ReminderRow>> ReadAll(GrainId grainId)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<ReminderRow>>(
                [.. reminders.Values.Where(row => row.GrainId == grainId).OrderBy(row => row.Name, StringComparer.Ordinal)]);
        }
    }

    public Task<IReadOnlyList<ReminderRow>> ReadDue(ReminderCursor? after, DateTimeOffset until, int limit)
    {
        lock (gate)
        {
            var first = after ?? new ReminderCursor(DateTimeOffset.MinValue, default, "");
            var rows = byDue.Count == 0 || Compare(first, byDue.Max) > 0
                ? []
                : byDue.GetViewBetween(first, byDue.Max)
                    .Where(place => Compare(place, first) > 0)
                    .TakeWhile(place => place.NextDue <= until)
                    .Take(limit)
                    .Select(place => reminders[(place.GrainId, place.Name)])
                    .ToArray();
            return Task.FromResult<IReadOnlyList<ReminderRow>>(rows);
        }
    }

    public Task<string> Upsert(ReminderRow row)
    {
        lock (gate)
        {
            Forget(row.GrainId, row.Name);
            var etag = (++version).ToString(CultureInfo.InvariantCulture);
            Keep(row with { ETag = etag });
            return Task.FromResult(etag);
        }
    }

    public Task<bool> Remove(GrainId grainId, string name, string etag)
    {
        lock (gate)
        {
            var matches = reminders.TryGetValue((grainId, name), out var row) && row.ETag == etag;
            if (matches)
            {
                Forget(grainId, name);
            }

            return Task.FromResult(matches);
        }
    }

    public Task Advance(IReadOnlyList<ReminderRow> rows)
    {
        lock (gate)
        {
            foreach (var row in rows)
            {
                if (reminders.TryGetValue((row.GrainId, row.Name), out var stored) && stored.ETag == row.ETag)
                {
                    Forget(row.GrainId, row.Name);
                    Keep(stored with { NextDue = row.NextDue });
                }
            }
        }

        return Task.CompletedTask;
    }

    private void Keep(ReminderRow row)
    {
        reminders[(row.GrainId, row.Name)] = row;
        byDue.Add(PlaceOf(row));
    }

    private void Forget(GrainId grainId, string name)
    {
        if (reminders.Remove((grainId, name), out var row))
        {
            byDue.Remove(PlaceOf(row));
        }
    }

    private static ReminderCursor PlaceOf(ReminderRow row) => new(row.NextDue, row.GrainId, row.Name);

    private static int Compare(ReminderCursor left, ReminderCursor right)
    {
        var order = left.NextDue.CompareTo(right.NextDue);
        order = order != 0 ? order : string.CompareOrdinal(left.GrainId.Type, right.GrainId.Type);
        order = order != 0 ? order : string.CompareOrdinal(left.GrainId.Key, right.GrainId.Key);
        return order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
    }
}
