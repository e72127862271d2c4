using Orleans.Calls;

namespace Orleans.Turns;

/// <summary>The activations of one stateless worker grain: another is made while all are busy, up to the maximum.</summary>
internal sealed class WorkerPool(GrainClass grainClass, string key) : ICallTarget
{
    private readonly Lock _gate = new();
    private readonly List<Activation> _workers = [];
    private int _next;
    private bool _gone;

    public bool TryReceive(Request request)
    {
        while (true)
        {
            Activation worker;
            lock (_gate)
            {
                if (_gone)
                {
                    return false;
                }

                worker = Choose();
            }

            if (worker.TryReceive(request))
            {
                return true;
            }
        }
    }

    /// <summary>True when it was the last: then the pool itself is gone.</summary>
    public bool Remove(Activation worker)
    {
        lock (_gate)
        {
            _workers.Remove(worker);
            _gone = _workers.Count == 0;
            return _gone;
        }
    }

    public Activation[] Workers
    {
        get
        {
            lock (_gate)
            {
                return [.. _workers];
            }
        }
    }

    private Activation Choose()
    {
        foreach (var worker in _workers)
        {
            if (worker.IsIdle)
            {
                return worker;
            }
        }

        if (_workers.Count < grainClass.MaximumWorkers)
        {
            var worker = new Activation(grainClass, key, this);
            _workers.Add(worker);
            return worker;
        }

        return _workers[_next++ % _workers.Count];
    }
}
