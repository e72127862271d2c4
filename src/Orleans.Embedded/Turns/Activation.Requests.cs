using Orleans.Calls;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Turns;

internal sealed partial class Activation
{
    // Waiting requests by the company they bear: none, other readers, anyone.
    private RequestQueue exclusive;
    private RequestQueue readers;
    private RequestQueue interleaving;
    private long arrivals;

    private Request? firstRunning;
    private int runningExclusive;
    private int runningReaders;
    private int runningInterleaving;

    private int Running => runningExclusive + runningReaders + runningInterleaving;

    private bool HasWaiting => exclusive.First is not null || readers.First is not null || interleaving.First is not null;

    /// <summary>Nothing runs and nothing waits.</summary>
    public bool IsIdle
    {
        get
        {
            // Between two fields a request on its way from the one to the other would be overlooked, and a stop would go on beside it.
            lock (gate)
            {
                return HasNothing;
            }
        }
    }

    private bool HasNothing => Running == 0 && !HasWaiting;

    public bool TryReceive(Request request)
    {
        bool run;
        lock (gate)
        {
            if (status == ActivationStatus.Gone || (request.DiesWithActivation && status == ActivationStatus.Deactivating))
            {
                return false;
            }

            request.Stage = RequestStage.Waiting;
            request.Order = arrivals++;
            request.At = this;
            if (request.CountsAsUse && request.SentAt > lastUse)
            {
                lastUse = request.SentAt;
            }

            if (Class.IsReentrant || request.Interleaves)
            {
                interleaving.Enqueue(request);
            }
            else if (request.IsReadOnly)
            {
                readers.Enqueue(request);
            }
            else
            {
                exclusive.Enqueue(request);
            }

            LookAgainAt(request.Deadline);
            run = NeedsRun();
        }

        if (run)
        {
            Engine.Scheduler.Schedule(this);
        }

        return true;
    }

    private bool MayStart => status == ActivationStatus.Active
        && (interleaving.First is not null
            || (runningExclusive == 0
                && (readers.First is not null || (exclusive.First is not null && runningReaders == 0))));

    private bool TryStart(out Request? request)
    {
        interleaving.DropOver();
        readers.DropOver();
        exclusive.DropOver();
        if (!MayStart)
        {
            request = null;
            return false;
        }

        if (interleaving.First is not null)
        {
            request = interleaving.Dequeue();
            runningInterleaving++;
        }
        else if (readers.First is { } reader
            && (runningReaders > 0 || exclusive.First is null || reader.Order < exclusive.First.Order))
        {
            request = readers.Dequeue();
            runningReaders++;
        }
        else
        {
            request = exclusive.Dequeue();
            runningExclusive++;
        }

        request.Stage = RequestStage.Running;
        request.Next = firstRunning;
        if (firstRunning is not null)
        {
            firstRunning.Previous = request;
        }

        firstRunning = request;
        return true;
    }

    /// <summary>The call has ended; called before its caller is told, so that the next call finds what this one left.</summary>
    public void Finish(Request request, Exception? exception, bool waited)
    {
        bool run;
        lock (gate)
        {
            Unlink(request);
            if (Class.IsReentrant || request.Interleaves)
            {
                runningInterleaving--;
            }
            else if (request.IsReadOnly)
            {
                runningReaders--;
            }
            else
            {
                runningExclusive--;
            }

            if (waited && request.CountsAsUse)
            {
                lastUse = Engine.Now;
            }

            // What is in memory is not what is stored. Only the grain whose own record it was is dropped, not those
            // that its caller's caller stands for.
            if (exception is InconsistentStateException { IsSourceActivation: true } inconsistent)
            {
                inconsistent.IsSourceActivation = false;
                BeginDeactivation(new DeactivationReason(
                    DeactivationReasonCode.ApplicationError, inconsistent, "Its record was written by somebody else."));
            }

            run = NeedsRun();
        }

        if (run)
        {
            Engine.Scheduler.Schedule(this);
        }
    }

    /// <summary>The caller has given up: forgets the request while it waits, tells the callee once it runs.</summary>
    public void Cancel(Request request)
    {
        lock (gate)
        {
            if (request.Stage == RequestStage.Waiting)
            {
                request.Stage = RequestStage.Over;
                return;
            }

            if (request.Stage != RequestStage.Running)
            {
                return;
            }
        }

        new Task(static running => ((Request)running!).CancelCallee(), request).Start(this);
    }

    private void Unlink(Request request)
    {
        request.Stage = RequestStage.Over;
        if (request.Previous is { } previous)
        {
            previous.Next = request.Next;
        }
        else
        {
            firstRunning = request.Next;
        }

        if (request.Next is { } next)
        {
            next.Previous = request.Previous;
        }

        request.Next = request.Previous = null;
    }
}
