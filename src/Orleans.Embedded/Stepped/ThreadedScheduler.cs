using System.Collections.Concurrent;

namespace Orleans.Stepped;

/// <summary>The ordinary way: the thread pool, and an own thread for each lane.</summary>
public sealed class ThreadedScheduler : IEngineScheduler
{
    // First come, first served. A thread's own queue is last in, first out: a few grains that keep calling each other would keep all
    // others behind them, for ever.
    public void Schedule(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    public IWorkLane OpenLane(string name) => new ThreadLane(name);

    private sealed class ThreadLane : IWorkLane
    {
        private readonly BlockingCollection<IThreadPoolWorkItem> posted = [];
        private readonly Lock gate = new();

        public ThreadLane(string name)
        {
            var thread = new Thread(Run) { Name = name, IsBackground = true };
            thread.UnsafeStart();
        }

        public bool Post(IThreadPoolWorkItem work)
        {
            lock (gate)
            {
                if (posted.IsAddingCompleted)
                {
                    return false;
                }

                posted.Add(work);
                return true;
            }
        }

        // What was posted before still runs; the thread ends behind it.
        public void Dispose()
        {
            lock (gate)
            {
                posted.CompleteAdding();
            }
        }

        private void Run()
        {
            foreach (var work in posted.GetConsumingEnumerable())
            {
                work.Execute();
            }
        }
    }
}
