using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Timers;

namespace Orleans.Reminders;

/// <summary>
/// Fires reminders. Of the table it holds only what is due within the next window: everything at or before
/// <see cref="readTo"/> is in memory or has been moved behind it, so memory does not grow with the number of reminders.
/// </summary>
internal sealed partial class ReminderService(GrainEngine engine, IReminderTable? table, ReminderOptions options)
{
    private const string AfterEveryName = "\uffff";

    private readonly Lock gate = new();
    private readonly Dictionary<(GrainId GrainId, string Name), Pending> window = [];
    private readonly Queue<Pending> waiting = new();
    private readonly List<Pending> moved = [];
    private readonly TaskCompletionSource quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset started;
    private int firing;
    private volatile bool stopped = true;

    private IReminderTable Table => table ?? throw new OrleansConfigurationException(
        "The reminder service has not been configured: register a reminder table.");

    /// <summary>How many reminders are in memory.</summary>
    public int Loaded
    {
        get
        {
            lock (gate)
            {
                return window.Count;
            }
        }
    }

    /// <summary>Whether a page is being read or a reminder fired; what tests wait for.</summary>
    public bool IsBusy
    {
        get
        {
            lock (gate)
            {
                return reading || firing > 0;
            }
        }
    }

    public void Start()
    {
        if (table is not null)
        {
            started = engine.Time.GetUtcNow();
            stopped = false;
            ReadSoon();
        }
    }

    /// <summary>Fires nothing more; ends when the page and the ticks under way have ended.</summary>
    public Task Stop()
    {
        lock (gate)
        {
            stopped = true;
            TellWhenQuiet();
            return quiet.Task;
        }
    }

    private void TellWhenQuiet()
    {
        if (stopped && !reading && firing == 0)
        {
            quiet.TrySetResult();
        }
    }

    public async Task<IGrainReminder> RegisterOrUpdate(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        if (period < options.MinimumReminderPeriod)
        {
            throw new ArgumentException(
                $"Cannot register reminder {name} as requested period ({period}) is less than minimum allowed reminder period "
                + $"({options.MinimumReminderPeriod})");
        }

        var start = engine.Time.GetUtcNow() + dueTime;
        var row = new ReminderRow(grainId, name, start, period, start, null);
        row = row with { ETag = await Table.Upsert(row) };
        lock (gate)
        {
            Forget((grainId, name));
            if (IsRead(row))
            {
                Load(row);
            }
        }

        return new GrainReminder(grainId, name, row.ETag!);
    }

    /// <exception cref="ReminderException">The reminder was registered anew since this handle was got.</exception>
    public async Task Unregister(GrainId grainId, IGrainReminder reminder)
    {
        var handle = (GrainReminder)reminder;
        if (handle.GrainId != grainId)
        {
            throw new ReminderException($"Reminder {handle} is not one of {grainId}.");
        }

        if (!await Table.Remove(grainId, handle.ReminderName, handle.ETag)
            && await Table.Read(grainId, handle.ReminderName) is not null)
        {
            throw new ReminderException(
                $"Could not unregister reminder {handle} from the reminder table, due to tag mismatch. You can retry.");
        }

        lock (gate)
        {
            Forget((grainId, handle.ReminderName));
        }
    }

    public async Task<IGrainReminder?> Get(GrainId grainId, string name)
        => await Table.Read(grainId, name) is { } row ? new GrainReminder(grainId, name, row.ETag!) : null;

    public async Task<List<IGrainReminder>> GetAll(GrainId grainId)
        => [.. (await Table.ReadAll(grainId)).Select(row => new GrainReminder(grainId, row.Name, row.ETag!))];

    // Ticks fall at start + N × period, so a late one does not shift those after it.
    private static DateTimeOffset NextTick(ReminderRow row, DateTimeOffset after, bool inclusive)
    {
        if (row.StartAt > after || (inclusive && row.StartAt == after))
        {
            return row.StartAt;
        }

        var period = Math.Max(row.Period.Ticks, 1);
        var since = (after - row.StartAt).Ticks % period;
        return since == 0 && inclusive ? after : after.AddTicks(period - since);
    }

    private void Load(ReminderRow row)
    {
        var pending = new Pending(this, row);
        window[(row.GrainId, row.Name)] = pending;
        engine.Due.Schedule(pending, engine.At(row.NextDue));
    }

    private void Forget((GrainId GrainId, string Name) key)
    {
        touched?.Add(key);
        if (window.Remove(key, out var pending))
        {
            pending.IsForgotten = true;
            engine.Due.Cancel(pending);
        }
    }

    private void BecomeDue(Pending pending)
    {
        lock (gate)
        {
            if (pending.IsForgotten || stopped)
            {
                return;
            }

            // A thousand orders that expire together do not all wake at once.
            if (firing >= engine.Options.ConcurrentReminders)
            {
                waiting.Enqueue(pending);
                return;
            }

            firing++;
        }

        _ = Task.Factory.StartNew(
            () => Fire(pending), CancellationToken.None, TaskCreationOptions.DenyChildAttach, engine.Tasks).Unwrap();
    }

    private async Task Fire(Pending? pending)
    {
        while (pending is not null)
        {
            if (!pending.IsForgotten && !stopped)
            {
                await FireOne(pending);
            }

            lock (gate)
            {
                if (!waiting.TryDequeue(out pending))
                {
                    firing--;
                    TellWhenQuiet();
                }
            }
        }
    }

    private async Task FireOne(Pending pending)
    {
        var row = pending.Row;
        var now = engine.Time.GetUtcNow();
        try
        {
            await engine.GrainFactory.GetReference<IRemindable>(row.GrainId).ReceiveReminder(
                row.Name, new TickStatus(row.StartAt.UtcDateTime, row.Period, now.UtcDateTime));
        }
        catch (Exception exception)
        {
            if (!stopped)
            {
                engine.Log.ReminderFailed(exception, row.Name, row.GrainId);
            }
        }

        lock (gate)
        {
            // A tick whose call took longer than the period is not followed by a heap of late ones.
            Reschedule(pending, NextTick(row, engine.Time.GetUtcNow(), inclusive: false));
        }
    }

    private void Reschedule(Pending pending, DateTimeOffset next)
    {
        if (pending.IsForgotten)
        {
            return;
        }

        pending.Row = pending.Row with { NextDue = next };
        if (IsRead(pending.Row))
        {
            engine.Due.Schedule(pending, engine.At(next));
        }
        else
        {
            // It stays in memory until the table knows its new place; reading passes it only then.
            moved.Add(pending);
        }
    }

    private sealed class Pending(ReminderService service, ReminderRow row) : IDueItem
    {
        public ReminderRow Row { get; set; } = row;

        public bool IsForgotten { get; set; }

        int IDueItem.Place { get; set; } = -1;

        void IDueItem.OnDue(long now) => service.BecomeDue(this);
    }
}

internal sealed record GrainReminder(GrainId GrainId, string ReminderName, string ETag) : IGrainReminder;
