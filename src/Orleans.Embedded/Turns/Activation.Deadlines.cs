using Orleans.Calls;
using Orleans.Runtime;

namespace Orleans.Turns;

/// <summary>
/// One entry of the due queue serves all that an activation waits for: the next deadline among its calls, else the end
/// of its idle time. A call only moves it forward, so a busy grain touches the queue every half minute, not every call.
/// </summary>
internal sealed partial class Activation
{
    private long lastUse;
    private long keepUntil;
    private long lookAt = long.MaxValue;

    int Timers.IDueItem.Place { get; set; } = -1;

    public void DelayDeactivation(TimeSpan span)
    {
        lock (gate)
        {
            keepUntil = span <= TimeSpan.Zero ? 0 : Engine.After(span);
            LookAgainAt(IdleEnd);
        }
    }

    void Timers.IDueItem.OnDue(long now)
    {
        List<Request>? late = null;
        bool run;
        lock (gate)
        {
            if (status == ActivationStatus.Gone || Engine.IsKilled)
            {
                return;
            }

            lookAt = long.MaxValue;
            var next = long.MaxValue;
            for (var request = firstRunning; request is not null; request = request.Next)
            {
                Check(request, now, ref late, ref next);
            }

            CheckWaiting(exclusive.First, now, ref late, ref next);
            CheckWaiting(readers.First, now, ref late, ref next);
            CheckWaiting(interleaving.First, now, ref late, ref next);
            if (Running > 0 || HasWaiting)
            {
                next = Math.Min(next, Engine.After(Class.CollectionAge));
            }
            else if (IdleEnd > now)
            {
                next = Math.Min(next, IdleEnd);
                ready?.TrimExcess();
            }
            else if (status == ActivationStatus.Active)
            {
                BeginDeactivation(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "It was not used for a while."));
            }

            LookAgainAt(next);
            run = NeedsRun();
        }

        if (run)
        {
            Engine.Scheduler.Schedule(this);
        }

        foreach (var request in late ?? [])
        {
            var exception = request.TimedOut(Engine.ResponseTimeout(request.Method));
            if (request.Fail(exception))
            {
                Engine.Log.CallTimedOut(request.ToString());
            }
        }
    }

    private long IdleEnd => Class.IsKeptAlive ? long.MaxValue : Math.Max(Engine.Later(lastUse, Class.CollectionAge), keepUntil);

    private void LookAgainAt(long due)
    {
        if (due < lookAt)
        {
            lookAt = due;
            Engine.Due.Schedule(this, due);
        }
    }

    private static void CheckWaiting(Request? first, long now, ref List<Request>? late, ref long next)
    {
        for (var request = first; request is not null; request = request.Next)
        {
            if (request.Stage == RequestStage.Waiting && Check(request, now, ref late, ref next))
            {
                // Nobody waits for it any more, and it has not begun.
                request.Stage = RequestStage.Over;
            }
        }
    }

    private static bool Check(Request request, long now, ref List<Request>? late, ref long next)
    {
        if (request.Deadline > now)
        {
            next = Math.Min(next, request.Deadline);
            return false;
        }

        request.Deadline = long.MaxValue;
        (late ??= []).Add(request);
        return true;
    }
}
