using Orleans.Calls;

namespace Orleans.Turns;

internal sealed partial class Activation
{
    private static readonly Action<object?> runTurns = activation => ((Activation)activation!).RunTurns();

    // Continuations of what has started, in order.
    private Queue<Task>? ready;

    // True from the moment a run is asked for until it finds nothing to do. Guarded by the gate, so runs never overlap.
    private bool scheduled;

    private bool taskRanLast;

    [ThreadStatic]
    private static Activation? running;

    protected override void QueueTask(Task task)
    {
        lock (gate)
        {
            (ready ??= new Queue<Task>(2)).Enqueue(task);
            if (scheduled)
            {
                return;
            }

            scheduled = true;
        }

        Engine.Scheduler.Schedule(this);
    }

    // A continuation may run within the turn that completed it: it is the same turn. Nothing else may come in between.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
        => !taskWasPreviouslyQueued && ReferenceEquals(running, this) && TryExecuteTask(task);

    protected override IEnumerable<Task>? GetScheduledTasks()
    {
        lock (gate)
        {
            return ready?.ToArray();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Within a task of this scheduler, the awaits of what runs come back to it.
        running = this;
        new Task(runTurns, this, CancellationToken.None, TaskCreationOptions.DenyChildAttach).RunSynchronously(this);
        running = null;
    }

    private void RunTurns()
    {
        // Other activations wait for this thread too, so a busy one goes to the end of the line now and then.
        var turns = Engine.TurnsPerRun;
        while (turns-- > 0)
        {
            Task? task = null;
            Request? request = null;
            Func<Activation, Task>? step = null;
            lock (gate)
            {
                if (Engine.IsKilled || !TryTakeTurn(out task, out request, out step))
                {
                    scheduled = false;
                    if (HasNothing)
                    {
                        idle?.TrySetResult();
                    }

                    return;
                }
            }

            if (task is not null)
            {
                TryExecuteTask(task);
            }
            else if (request is not null)
            {
                Run(request);
            }
            else
            {
                _ = step!(this);
            }
        }

        Engine.Scheduler.Schedule(this);
    }

    private bool TryTakeTurn(out Task? task, out Request? request, out Func<Activation, Task>? step)
    {
        task = null;
        step = null;
        request = null;
        if (status == ActivationStatus.Created)
        {
            status = ActivationStatus.Activating;
            step = static activation => activation.Activate();
            return true;
        }

        // A new call goes before continuations every other time, so neither keeps the other out.
        if (taskRanLast && TryStart(out request))
        {
            taskRanLast = false;
            return true;
        }

        if (ready is not null && ready.TryDequeue(out task))
        {
            taskRanLast = true;
            return true;
        }

        if (TryStart(out request))
        {
            return true;
        }

        if (IsReadyToClose)
        {
            closing = true;
            step = static activation => activation.Close();
            return true;
        }

        return false;
    }

    // What the call sets in its execution context stays with the call.
    private void Run(Request request)
    {
        var outside = ExecutionContext.Capture();
        if (request.Context is { } values)
        {
            Runtime.RequestContext.Values = values;
        }

        request.Start(this);
        if (!ReferenceEquals(ExecutionContext.Capture(), outside))
        {
            ExecutionContext.Restore(outside!);
        }
    }

    // Called with the gate held: true when the caller must ask for a run after it has left the gate.
    private bool NeedsRun()
    {
        if (scheduled || !HasTurn())
        {
            return false;
        }

        scheduled = true;
        return true;
    }

    private bool HasTurn()
        => status == ActivationStatus.Created || ready is { Count: > 0 } || MayStart || IsReadyToClose;
}
