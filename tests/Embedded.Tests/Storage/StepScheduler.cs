using Orleans.Stepped;

namespace OpenBitum.Storage;

/// <summary>Runs work only when the test says so, in the order it was asked for.</summary>
public sealed class StepScheduler : IEngineScheduler
{
    private readonly Queue<IThreadPoolWorkItem> work = new();

    public void Schedule(IThreadPoolWorkItem item) => work.Enqueue(item);

    public IWorkLane OpenLane(string name) => new Lane(work);

    public void RunOne()
    {
        if (work.TryDequeue(out var item)) item.Execute();
    }

    public void RunAll()
    {
        while (work.TryDequeue(out var item))
        {
            item.Execute();
        }
    }

    private sealed class Lane(Queue<IThreadPoolWorkItem> work) : IWorkLane
    {
        private bool disposed;

        public bool Post(IThreadPoolWorkItem item)
        {
            if (disposed) return false;

            work.Enqueue(item);
            return true;
        }

        public void Dispose() => disposed = true;
    }
}
