using OpenBitum.Ids;
using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Idempotency;

/// <summary>Keeps the row of one key in memory while it is in use; who holds the key is known in memory only.</summary>
public sealed class IdempotencyGrain(IDatabase database, TimeProvider clock) : Grain, IIdempotencyGrain
{
    /// <summary>How long a stored answer is repeated.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>How long a call waits for another one's answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A holder that has not come back by now probably died with its process: no grain call takes as long, though several in a row on
    /// a machine that stalls may. So another may go on, and the slow one's hold is worth nothing once somebody did.
    /// </summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private IdempotencyRow? row;
    private Holder? holder;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        row = await database.Read(session => IdempotencyRows.Find(session, key));
    }

    public async Task<IdempotencyTicket> Begin(string requestHash)
    {
        var until = clock.Now() + Patience;
        while (true)
        {
            var now = clock.Now();
            var running = holder is { } found && now - found.Since < Lease ? found : null;
            if (running is null && row is { } old && now - old.CreatedAt >= Kept)
            {
                row = null;
            }

            if (row is { } known && known.RequestHash != requestHash)
            {
                return new IdempotencyTicket(IdempotencyState.Mismatch, "", null, "");
            }

            if (row?.Answer is { } answer)
            {
                return new IdempotencyTicket(IdempotencyState.Replay, "", answer, "");
            }

            if (running is null)
            {
                return await Reserve(requestHash, now);
            }

            if (now >= until)
            {
                return new IdempotencyTicket(IdempotencyState.InProgress, "", null, "");
            }

            await Task.WhenAny(running.Ended.Task, Task.Delay(until - now, clock));
        }
    }

    public async Task<bool> Complete(string hold, StoredAnswer answer)
    {
        if (!IsHeldBy(hold))
        {
            return false;
        }

        try
        {
            // A former holder's answer may have been on its way to the store when its lease ended: the first one stays.
            if (row is not { Answer: null } reserved)
            {
                return false;
            }

            var answered = reserved with { Answer = answer };
            await database.Write(session => IdempotencyRows.Upsert(session, answered));
            row = answered;
            return true;
        }
        finally
        {
            Release(hold);
        }
    }

    public async Task<bool> Refuse(string hold)
    {
        if (!IsHeldBy(hold))
        {
            return false;
        }

        try
        {
            // As above: an answer says that something was done, whatever a later call has found.
            if (row is { Answer: not null })
            {
                return false;
            }

            var key = this.GetPrimaryKeyString();
            await database.Write(session => IdempotencyRows.Delete(session, key));
            row = null;
            return true;
        }
        finally
        {
            Release(hold);
        }
    }

    public Task Abandon(string hold)
    {
        Release(hold);
        return Task.CompletedTask;
    }

    private async Task<IdempotencyTicket> Reserve(string requestHash, DateTimeOffset now)
    {
        // Held before the first await, so that calls which interleave find it taken. Those that waited for the one before, whose lease
        // is over, wait for this one now.
        holder?.Ended.TrySetResult();
        var hold = Ulid.New(now);
        holder = new Holder(hold, now, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (row is { } resumed)
        {
            return new IdempotencyTicket(IdempotencyState.Fresh, resumed.Seed, null, hold);
        }

        var reserved = new IdempotencyRow(this.GetPrimaryKeyString(), requestHash, Ulid.New(now), now, null);
        row = reserved;
        try
        {
            await database.Write(session => IdempotencyRows.Upsert(session, reserved));
            return new IdempotencyTicket(IdempotencyState.Fresh, reserved.Seed, null, hold);
        }
        catch
        {
            // Nobody has been given the seed, so the next call may start from nothing.
            row = null;
            Release(hold);
            throw;
        }
    }

    private bool IsHeldBy(string hold) => holder?.Hold == hold;

    private void Release(string hold)
    {
        if (IsHeldBy(hold))
        {
            holder!.Ended.TrySetResult();
            holder = null;
        }
    }

    /// <param name="Hold">Which holding this is; no other ever has the same, on whatever silo.</param>
    /// <param name="Since">When it began.</param>
    /// <param name="Ended">For those who wait.</param>
    private sealed record Holder(string Hold, DateTimeOffset Since, TaskCompletionSource Ended);
}
