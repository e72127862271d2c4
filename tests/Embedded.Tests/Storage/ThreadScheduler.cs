using System.Collections.Concurrent;
using Orleans.Stepped;

namespace OpenBitum.Storage;

/// <summary>The thread pool, and a thread for each lane.</summary>
public sealed class ThreadScheduler : IEngineScheduler, IAsyncDisposable
{
    private readonly ConcurrentBag<Lane> lanes = [];

    public void Schedule(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    public IWorkLane OpenLane(string name)
    {
        var lane = new Lane(name);
        lanes.Add(lane);
        return lane;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in lanes)
        {
            lane.Dispose();
            await lane.Ended;
        }
    }

    private sealed class Lane : IWorkLane
    {
        private readonly BlockingCollection<IThreadPoolWorkItem> work = [];
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Lane(string name)
        {
            new Thread(Run) { IsBackground = true, Name = name }.Start();
        }

        public Task Ended => ended.Task;

        public bool Post(IThreadPoolWorkItem item)
        {
            try
            {
                return work.TryAdd(item);
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }

        public void Dispose() => work.CompleteAdding();

        private void Run()
        {
            foreach (var item in work.GetConsumingEnumerable())
            {
                item.Execute();
            }

            ended.TrySetResult();
        }
    }
}
