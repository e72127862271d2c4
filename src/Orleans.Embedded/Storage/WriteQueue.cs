namespace Orleans.Storage;

/// <summary>The jobs that wait for the writer, and whether it has been woken for them.</summary>
internal sealed class WriteQueue(int maximum)
{
    private readonly Lock gate = new();
    private readonly Queue<IWriteJob> waiting = new();
    private bool awake;
    private bool closed;

    /// <summary>Adds the job, or answers why not.</summary>
    /// <param name="wakes">The writer sleeps, and the caller has to wake it.</param>
    public string? TryAdd(IWriteJob job, out bool wakes)
    {
        lock (gate)
        {
            wakes = false;
            if (closed) return "The store has stopped.";
            if (waiting.Count >= maximum) return $"{maximum} writes are waiting for the disk.";

            waiting.Enqueue(job);
            wakes = !awake;
            awake = true;
            return null;
        }
    }

    public void MoveTo(List<IWriteJob> batch, int most)
    {
        lock (gate)
        {
            while (batch.Count < most && waiting.TryDequeue(out var job))
            {
                batch.Add(job);
            }
        }
    }

    /// <summary>False when nothing waits; then the writer sleeps until the next job.</summary>
    public bool TryGoOn()
    {
        lock (gate)
        {
            awake = waiting.Count > 0;
            return awake;
        }
    }

    /// <summary>Takes no more; false when it did not before either.</summary>
    public bool TryClose()
    {
        lock (gate)
        {
            if (closed) return false;

            closed = true;
            return true;
        }
    }

    public void RefuseAll(Exception refusal)
    {
        var refused = new List<IWriteJob>();
        MoveTo(refused, int.MaxValue);
        foreach (var job in refused)
        {
            job.Refuse(refusal);
        }
    }
}
