namespace Orleans.Stepped;

/// <summary>
/// Runs all activations, timers, lanes and the test that calls them on one thread, one turn at a time. A seed decides
/// which of those that are ready comes next, so a run can be repeated exactly and other seeds find other orders.
/// </summary>
/// <param name="seed">Same seed, same order.</param>
/// <param name="nextDue">When the clock's next timer is due; null when none is.</param>
/// <param name="advanceTo">Moves the clock and fires the timers that become due.</param>
public sealed class SteppedEngine(ulong seed, Func<DateTimeOffset?> nextDue, Action<DateTimeOffset> advanceTo) : IEngineScheduler
{
    // A test that waits for something outside of the stepped thread, such as a file being closed, waits no longer. Only a failing one does.
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);
    private static readonly ExecutionContext empty = CaptureEmpty();

    private readonly object gate = new();
    private readonly SeededOrder order = new(seed);
    private readonly List<IThreadPoolWorkItem> ready = [];
    private readonly List<Lane> lanes = [];
    private readonly Queue<TaskCompletionSource> waitingForIdle = new();
    private bool stepping;

    /// <summary>How many steps have been taken.</summary>
    public long Steps { get; private set; }

    /// <summary>Runs tasks, such as those of a test, as steps.</summary>
    public TaskScheduler Tasks => field ??= new SteppedTasks(this);

    public void Schedule(IThreadPoolWorkItem work)
    {
        lock (gate)
        {
            ready.Add(work);
            Monitor.PulseAll(gate);
        }
    }

    public IWorkLane OpenLane(string name)
    {
        var lane = new Lane(this);
        lock (gate)
        {
            lanes.Add(lane);
        }

        return lane;
    }

    /// <summary>Takes one step; false when nothing is ready.</summary>
    /// <exception cref="InvalidOperationException">Another thread is taking a step.</exception>
    public bool Step()
    {
        IThreadPoolWorkItem? work;
        lock (gate)
        {
            if (stepping)
            {
                throw new InvalidOperationException("Two threads are stepping the same engine.");
            }

            work = Take();
            if (work is null)
            {
                return false;
            }

            stepping = true;
            Steps++;
        }

        try
        {
            // As on a fresh thread of the pool: nothing of the test's own context leaks into the grains.
            ExecutionContext.Run(empty, static item => ((IThreadPoolWorkItem)item!).Execute(), work);
        }
        finally
        {
            lock (gate)
            {
                stepping = false;
            }
        }

        return true;
    }

    /// <summary>Steps until nothing is ready. Time stands still.</summary>
    public void RunUntilIdle()
    {
        while (Step())
        {
        }
    }

    /// <summary>Moves the clock from one timer to the next until this time, and runs all that each of them starts.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        RunUntilIdle();
        while (nextDue() is { } due && due <= time)
        {
            advanceTo(due);
            RunUntilIdle();
        }

        advanceTo(time);
        RunUntilIdle();
    }

    /// <summary>Ends when nothing else is ready: for a test that is itself run as steps and moves the clock.</summary>
    public Task Idle()
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waitingForIdle.Enqueue(idle);
            Monitor.PulseAll(gate);
        }

        return idle.Task;
    }

    /// <summary>Runs the body as steps, together with all that it causes, and throws what it throws.</summary>
    /// <exception cref="InvalidOperationException">Nothing is ready and the body has not ended.</exception>
    public void Run(Func<Task> body)
    {
        var task = Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Tasks).Unwrap();
        _ = task.ContinueWith(
            _ => Pulse(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (!task.IsCompleted)
        {
            if (!Step() && !WaitForWork(task))
            {
                throw new InvalidOperationException($"Seed {seed}: nothing is ready after {Steps} steps, and the body still waits.");
            }
        }

        task.GetAwaiter().GetResult();
    }

    private bool WaitForWork(Task task)
    {
        lock (gate)
        {
            return task.IsCompleted
                || ready.Count > 0
                || waitingForIdle.Count > 0
                || lanes.Exists(lane => lane.Work.Count > 0)
                || Monitor.Wait(gate, patience);
        }
    }

    private void Pulse()
    {
        lock (gate)
        {
            Monitor.PulseAll(gate);
        }
    }

    private IThreadPoolWorkItem? Take()
    {
        var busy = lanes.Count(lane => lane.Work.Count > 0);
        if (ready.Count + busy == 0)
        {
            return waitingForIdle.TryDequeue(out var idle) ? new IdleStep(idle) : null;
        }

        var chosen = order.Next(ready.Count + busy);
        if (chosen < ready.Count)
        {
            var work = ready[chosen];
            ready.RemoveAt(chosen);
            return work;
        }

        return lanes.Where(lane => lane.Work.Count > 0).ElementAt(chosen - ready.Count).Work.Dequeue();
    }

    private static ExecutionContext CaptureEmpty()
    {
        ExecutionContext? captured = null;
        var thread = new Thread(() => captured = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return captured!;
    }

    private sealed class IdleStep(TaskCompletionSource idle) : IThreadPoolWorkItem
    {
        public void Execute() => idle.SetResult();
    }

    private sealed class Lane(SteppedEngine engine) : IWorkLane
    {
        private bool disposed;

        public Queue<IThreadPoolWorkItem> Work { get; } = new();

        public bool Post(IThreadPoolWorkItem work)
        {
            lock (engine.gate)
            {
                if (disposed)
                {
                    return false;
                }

                Work.Enqueue(work);
                Monitor.PulseAll(engine.gate);
                return true;
            }
        }

        public void Dispose()
        {
            lock (engine.gate)
            {
                disposed = true;
            }
        }
    }

    private sealed class SteppedTasks(SteppedEngine engine) : TaskScheduler
    {
        protected override void QueueTask(Task task) => engine.Schedule(new TaskStep(this, task));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
            => !taskWasPreviouslyQueued && ReferenceEquals(Current, this) && TryExecuteTask(task);

        protected override IEnumerable<Task>? GetScheduledTasks() => null;

        private sealed class TaskStep(SteppedTasks scheduler, Task task) : IThreadPoolWorkItem
        {
            public void Execute() => scheduler.TryExecuteTask(task);
        }
    }
}
