using Orleans.Calls;

namespace Orleans.Turns;

/// <summary>The activations of one stateless worker grain: another is made while all are busy, up to the maximum.</summary>
internal sealed class WorkerPool(GrainClass grainClass, string key) : ICallTarget
{
    private readonly Lock gate = new();
    private readonly List<Activation> workers = [];
    private int next;
    private bool gone;

    public bool TryReceive(Request request)
    {
        while (true)
        {
            Activation worker;
            lock (gate)
            {
                if (gone)
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
        lock (gate)
        {
            workers.Remove(worker);
            gone = workers.Count == 0;
            return gone;
        }
    }

    public Activation[] Workers
    {
        get
        {
            lock (gate)
            {
                return [.. workers];
            }
        }
    }

    private Activation Choose()
    {
        foreach (var worker in workers)
        {
            if (worker.IsIdle)
            {
                return worker;
            }
        }

        if (workers.Count < grainClass.MaximumWorkers)
        {
            var worker = new Activation(grainClass, key, this);
            workers.Add(worker);
            return worker;
        }

        return workers[next++ % workers.Count];
    }
}
