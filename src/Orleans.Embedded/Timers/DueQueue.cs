namespace Orleans.Timers;

/// <summary>Something that becomes due. It is in the queue at most once.</summary>
internal interface IDueItem
{
    /// <summary>Its place in the heap, kept by the queue; -1 while it is not in the queue.</summary>
    int Place { get; set; }

    /// <summary>Called outside every lock of the queue, after the item has left it.</summary>
    void OnDue(long now);
}

/// <summary>
/// All that the engine waits for, timeouts, idle activations and timers, in one heap behind one timer of the
/// TimeProvider. Times are its timestamps. Equal times become due in the order they were scheduled.
/// </summary>
internal sealed class DueQueue : IDisposable
{
    /// <summary>A thread that took so long between two readings of the clock was held up: what it has reckoned from the first is wrong.</summary>
    internal static readonly TimeSpan HeldUp = TimeSpan.FromMilliseconds(1);

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private (long Due, long Order, IDueItem Item)[] heap = new (long, long, IDueItem)[64];
    private int count;
    private long order;
    private long armedFor = long.MaxValue;
    private bool disposed;

    public DueQueue(TimeProvider time)
    {
        this.time = time;
        using (ExecutionContext.SuppressFlow())
        {
            timer = time.CreateTimer(
                static queue => ((DueQueue)queue!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public int Count
    {
        get
        {
            lock (gate)
            {
                return count;
            }
        }
    }

    /// <summary>Puts the item in, or moves it when it is in.</summary>
    public void Schedule(IDueItem item, long due)
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            if (item.Place >= 0)
            {
                RemoveAt(item.Place);
            }

            if (count == heap.Length)
            {
                Array.Resize(ref heap, count * 2);
            }

            Rise(count++, (due, order++, item));
            Arm();
        }
    }

    public void Cancel(IDueItem item)
    {
        lock (gate)
        {
            if (item.Place >= 0)
            {
                RemoveAt(item.Place);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            for (var index = 0; index < count; index++)
            {
                heap[index].Item.Place = -1;
            }

            count = 0;
            heap = [];
        }

        timer.Dispose();
    }

    private void Run()
    {
        var now = time.GetTimestamp();
        while (TakeDue(now) is { } item)
        {
            item.OnDue(now);
        }
    }

    private IDueItem? TakeDue(long now)
    {
        lock (gate)
        {
            if (count > 0 && heap[0].Due <= now)
            {
                var item = heap[0].Item;
                RemoveAt(0);
                return item;
            }

            armedFor = long.MaxValue;
            Arm();
            return null;
        }
    }

    private void Arm()
    {
        if (count == 0 || heap[0].Due >= armedFor)
        {
            return;
        }

        armedFor = heap[0].Due;
        long now;
        do
        {
            now = time.GetTimestamp();
            var wait = time.GetElapsedTime(now, armedFor);

            // The platform's timers count whole milliseconds; rounding up spares waking too early to find nothing due.
            var milliseconds = Math.Clamp((wait.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond, 0, int.MaxValue);
            timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }
        // A thread that is held up between reading the clock and setting the timer would have everybody wait too long by as much.
        while (time.GetElapsedTime(now) >= HeldUp);
    }

    private void RemoveAt(int place)
    {
        heap[place].Item.Place = -1;
        var last = heap[--count];
        heap[count] = default;
        if (place == count)
        {
            return;
        }

        if (place > 0 && Precedes(last, heap[(place - 1) / 2]))
        {
            Rise(place, last);
        }
        else
        {
            Sink(place, last);
        }
    }

    private void Rise(int place, (long Due, long Order, IDueItem Item) entry)
    {
        while (place > 0 && Precedes(entry, heap[(place - 1) / 2]))
        {
            Put(place, heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }

        Put(place, entry);
    }

    private void Sink(int place, (long Due, long Order, IDueItem Item) entry)
    {
        for (var child = (place * 2) + 1; child < count; child = (place * 2) + 1)
        {
            if (child + 1 < count && Precedes(heap[child + 1], heap[child]))
            {
                child++;
            }

            if (!Precedes(heap[child], entry))
            {
                break;
            }

            Put(place, heap[child]);
            place = child;
        }

        Put(place, entry);
    }

    private void Put(int place, (long Due, long Order, IDueItem Item) entry)
    {
        heap[place] = entry;
        entry.Item.Place = place;
    }

    private static bool Precedes((long Due, long Order, IDueItem Item) left, (long Due, long Order, IDueItem Item) right)
        => left.Due < right.Due || (left.Due == right.Due && left.Order < right.Order);
}
