using Orleans.Calls;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Turns;

internal sealed partial class Activation
{
    // Waiting requests by the company they bear: none, other readers, anyone.
    private RequestQueue _exclusive;
    private RequestQueue _readers;
    private RequestQueue _interleaving;
    private long _arrivals;

    private Request? _firstRunning;
    private int _runningExclusive;
    private int _runningReaders;
    private int _runningInterleaving;

    private int Running => _runningExclusive + _runningReaders + _runningInterleaving;

    private bool HasWaiting => _exclusive.First is not null || _readers.First is not null || _interleaving.First is not null;

    /// <summary>How busy it looks from outside; a hint only, as it is read without the gate.</summary>
    public bool IsIdle => Running == 0 && !HasWaiting;

    public bool TryReceive(Request request)
    {
        bool run;
        lock (_gate)
        {
            if (_status == ActivationStatus.Gone || (request.DiesWithActivation && _status == ActivationStatus.Deactivating))
            {
                return false;
            }

            request.Stage = RequestStage.Waiting;
            request.Order = _arrivals++;
            request.At = this;
            if (request.CountsAsUse && request.SentAt > _lastUse)
            {
                _lastUse = request.SentAt;
            }

            if (Class.IsReentrant || request.Interleaves)
            {
                _interleaving.Enqueue(request);
            }
            else if (request.IsReadOnly)
            {
                _readers.Enqueue(request);
            }
            else
            {
                _exclusive.Enqueue(request);
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

    private bool MayStart => _status == ActivationStatus.Active
        && (_interleaving.First is not null
            || (_runningExclusive == 0
                && (_readers.First is not null || (_exclusive.First is not null && _runningReaders == 0))));

    private bool TryStart(out Request? request)
    {
        _interleaving.DropOver();
        _readers.DropOver();
        _exclusive.DropOver();
        if (!MayStart)
        {
            request = null;
            return false;
        }

        if (_interleaving.First is not null)
        {
            request = _interleaving.Dequeue();
            _runningInterleaving++;
        }
        else if (_readers.First is { } reader
            && (_runningReaders > 0 || _exclusive.First is null || reader.Order < _exclusive.First.Order))
        {
            request = _readers.Dequeue();
            _runningReaders++;
        }
        else
        {
            request = _exclusive.Dequeue();
            _runningExclusive++;
        }

        request.Stage = RequestStage.Running;
        request.Next = _firstRunning;
        if (_firstRunning is not null)
        {
            _firstRunning.Previous = request;
        }

        _firstRunning = request;
        return true;
    }

    /// <summary>The call has ended; called before its caller is told, so that the next call finds what this one left.</summary>
    public void Finish(Request request, Exception? exception, bool waited)
    {
        bool run;
        lock (_gate)
        {
            Unlink(request);
            if (Class.IsReentrant || request.Interleaves)
            {
                _runningInterleaving--;
            }
            else if (request.IsReadOnly)
            {
                _runningReaders--;
            }
            else
            {
                _runningExclusive--;
            }

            if (waited && request.CountsAsUse)
            {
                _lastUse = Engine.Now;
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
        lock (_gate)
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
            _firstRunning = request.Next;
        }

        if (request.Next is { } next)
        {
            next.Previous = request.Previous;
        }

        request.Next = request.Previous = null;
    }
}
