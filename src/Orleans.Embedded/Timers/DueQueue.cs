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
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private (long Due, long Order, IDueItem Item)[] _heap = new (long, long, IDueItem)[64];
    private int _count;
    private long _order;
    private long _armedFor = long.MaxValue;
    private bool _disposed;

    public DueQueue(TimeProvider time)
    {
        _time = time;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(
                static queue => ((DueQueue)queue!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Puts the item in, or moves it when it is in.</summary>
    public void Schedule(IDueItem item, long due)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            if (item.Place >= 0)
            {
                RemoveAt(item.Place);
            }

            if (_count == _heap.Length)
            {
                Array.Resize(ref _heap, _count * 2);
            }

            Rise(_count++, (due, _order++, item));
            Arm();
        }
    }

    public void Cancel(IDueItem item)
    {
        lock (_gate)
        {
            if (item.Place >= 0)
            {
                RemoveAt(item.Place);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            for (var index = 0; index < _count; index++)
            {
                _heap[index].Item.Place = -1;
            }

            _count = 0;
            _heap = [];
        }

        _timer.Dispose();
    }

    private void Run()
    {
        var now = _time.GetTimestamp();
        while (TakeDue(now) is { } item)
        {
            item.OnDue(now);
        }
    }

    private IDueItem? TakeDue(long now)
    {
        lock (_gate)
        {
            if (_count > 0 && _heap[0].Due <= now)
            {
                var item = _heap[0].Item;
                RemoveAt(0);
                return item;
            }

            _armedFor = long.MaxValue;
            Arm();
            return null;
        }
    }

    private void Arm()
    {
        if (_count == 0 || _heap[0].Due >= _armedFor)
        {
            return;
        }

        _armedFor = _heap[0].Due;
        var wait = _time.GetElapsedTime(_time.GetTimestamp(), _armedFor);

        // The platform's timers count whole milliseconds; rounding up spares waking too early to find nothing due.
        var milliseconds = Math.Clamp((wait.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond, 0, int.MaxValue);
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }

    private void RemoveAt(int place)
    {
        _heap[place].Item.Place = -1;
        var last = _heap[--_count];
        _heap[_count] = default;
        if (place == _count)
        {
            return;
        }

        if (place > 0 && Precedes(last, _heap[(place - 1) / 2]))
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
        while (place > 0 && Precedes(entry, _heap[(place - 1) / 2]))
        {
            Put(place, _heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }

        Put(place, entry);
    }

    private void Sink(int place, (long Due, long Order, IDueItem Item) entry)
    {
        for (var child = (place * 2) + 1; child < _count; child = (place * 2) + 1)
        {
            if (child + 1 < _count && Precedes(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!Precedes(_heap[child], entry))
            {
                break;
            }

            Put(place, _heap[child]);
            place = child;
        }

        Put(place, entry);
    }

    private void Put(int place, (long Due, long Order, IDueItem Item) entry)
    {
        _heap[place] = entry;
        entry.Item.Place = place;
    }

    private static bool Precedes((long Due, long Order, IDueItem Item) left, (long Due, long Order, IDueItem Item) right)
        => left.Due < right.Due || (left.Due == right.Due && left.Order < right.Order);
}
