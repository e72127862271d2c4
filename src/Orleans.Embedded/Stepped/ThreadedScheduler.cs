using System.Collections.Concurrent;

namespace Orleans.Stepped;

/// <summary>The ordinary way: the thread pool, and an own thread for each lane.</summary>
public sealed class ThreadedScheduler : IEngineScheduler
{
    public void Schedule(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: true);

    public IWorkLane OpenLane(string name) => new ThreadLane(name);

    private sealed class ThreadLane : IWorkLane
    {
        private readonly BlockingCollection<IThreadPoolWorkItem> _work = [];
        private readonly Lock _gate = new();

        public ThreadLane(string name)
        {
            var thread = new Thread(Run) { Name = name, IsBackground = true };
            thread.UnsafeStart();
        }

        public bool Post(IThreadPoolWorkItem work)
        {
            lock (_gate)
            {
                if (_work.IsAddingCompleted)
                {
                    return false;
                }

                _work.Add(work);
                return true;
            }
        }

        // What was posted before still runs; the thread ends behind it.
        public void Dispose()
        {
            lock (_gate)
            {
                _work.CompleteAdding();
            }
        }

        private void Run()
        {
            foreach (var work in _work.GetConsumingEnumerable())
            {
                work.Execute();
            }
        }
    }
}
