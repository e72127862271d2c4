using Orleans.Runtime;
using Orleans.Timers;

namespace Orleans.Reminders;

/// <summary>How the window moves on through the table.</summary>
internal sealed partial class ReminderService
{
    private static readonly TimeSpan retryDelay = TimeSpan.FromSeconds(5);

    // Where the last page ended; everything up to here is in memory.
    private ReminderCursor? readTo;

    private bool reading;

    // While a page is being read: how far, and which reminders have changed since.
    private DateTimeOffset? readingUntil;
    private HashSet<(GrainId, string)>? touched;

    private bool IsRead(ReminderRow row)
        => (readTo is { } read && Compare(row, read) <= 0) || (readingUntil is { } until && row.NextDue <= until);

    private void ReadSoon()
    {
        lock (gate)
        {
            if (stopped)
            {
                return;
            }

            reading = true;
        }

        _ = Task.Factory.StartNew(ReadOn, CancellationToken.None, TaskCreationOptions.DenyChildAttach, engine.Tasks).Unwrap();
    }

    private async Task ReadOn()
    {
        TimeSpan wait;
        try
        {
            wait = await ReadPage();
        }
        catch (Exception exception)
        {
            lock (gate)
            {
                // What was registered for the page that failed stays in memory; the next page skips it.
                readingUntil = null;
                touched = null;
            }

            wait = retryDelay;
            if (!stopped)
            {
                engine.Log.RemindersUnreadable(exception, wait);
            }
        }

        lock (gate)
        {
            // The next page may be due at once: it begins behind this, or the end of this one would pass for the end of that.
            reading = false;
            if (!stopped)
            {
                engine.Due.Schedule(new Reader(this), engine.After(wait));
            }

            TellWhenQuiet();
        }
    }

    /// <summary>Reads the next page and answers how long to wait for the one after it.</summary>
    private async Task<TimeSpan> ReadPage()
    {
        await WriteLeaving();
        var until = engine.Time.GetUtcNow() + engine.Options.ReminderWindow;
        ReminderCursor? after;
        lock (gate)
        {
            if (window.Count >= 10 * engine.Options.ReminderPage)
            {
                return engine.Options.ReminderWindow / 10;
            }

            after = readTo;
            readingUntil = until;
            touched = [];
        }

        var rows = await Table.ReadDue(after, until, engine.Options.ReminderPage);
        lock (gate)
        {
            foreach (var row in rows)
            {
                var key = (row.GrainId, row.Name);
                if (!touched.Contains(key) && !window.ContainsKey(key))
                {
                    Take(row, until);
                }
            }

            var isLast = rows.Count < engine.Options.ReminderPage;
            readTo = isLast
                ? new ReminderCursor(until, new GrainId(AfterEveryName, AfterEveryName), AfterEveryName)
                : new ReminderCursor(rows[^1].NextDue, rows[^1].GrainId, rows[^1].Name);
            readingUntil = null;
            touched = null;
            return isLast ? engine.Options.ReminderWindow / 2 : TimeSpan.Zero;
        }
    }

    // A tick that fell while nobody owned the reminder is skipped until its next period; one that merely waited to be
    // read is fired now.
    private void Take(ReminderRow row, DateTimeOffset until)
    {
        if (row.NextDue < started)
        {
            row = row with { NextDue = NextTick(row, engine.Time.GetUtcNow(), inclusive: true) };
        }

        if (row.NextDue <= until)
        {
            Load(row);
        }
        else
        {
            var pending = new Pending(this, row);
            window[(row.GrainId, row.Name)] = pending;
            moved.Add(pending);
        }
    }

    private async Task WriteLeaving()
    {
        Pending[] leaving;
        lock (gate)
        {
            moved.RemoveAll(pending => pending.IsForgotten);
            leaving = [.. moved];
        }

        if (leaving.Length == 0)
        {
            return;
        }

        await Table.Advance([.. leaving.Select(pending => pending.Row)]);
        lock (gate)
        {
            foreach (var pending in leaving)
            {
                moved.Remove(pending);
                if (!pending.IsForgotten)
                {
                    window.Remove((pending.Row.GrainId, pending.Row.Name));
                }
            }
        }
    }

    private static int Compare(ReminderRow row, ReminderCursor place)
    {
        var order = row.NextDue.CompareTo(place.NextDue);
        order = order != 0 ? order : string.CompareOrdinal(row.GrainId.Type, place.GrainId.Type);
        order = order != 0 ? order : string.CompareOrdinal(row.GrainId.Key, place.GrainId.Key);
        return order != 0 ? order : string.CompareOrdinal(row.Name, place.Name);
    }

    private sealed class Reader(ReminderService service) : IDueItem
    {
        int IDueItem.Place { get; set; } = -1;

        void IDueItem.OnDue(long now) => service.ReadSoon();
    }
}
