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

    /// <summary>A holder that has not come back by now died with its process: no grain call takes as long.</summary>
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
            if (row is { } old && now - old.CreatedAt >= Kept)
            {
                row = null;
            }

            if (row is { } known && known.RequestHash != requestHash)
            {
                return new IdempotencyTicket(IdempotencyState.Mismatch, "", null);
            }

            if (row?.Answer is { } answer)
            {
                return new IdempotencyTicket(IdempotencyState.Replay, "", answer);
            }

            if (holder is not { } current || now - current.Since >= Lease)
            {
                return await Reserve(requestHash, now);
            }

            if (now >= until)
            {
                return new IdempotencyTicket(IdempotencyState.InProgress, "", null);
            }

            await Task.WhenAny(current.Ended.Task, Task.Delay(until - now, clock));
        }
    }

    public async Task Complete(StoredAnswer answer)
    {
        if (row is not { } reserved)
        {
            return;
        }

        try
        {
            var answered = reserved with { Answer = answer };
            await database.Write(session => IdempotencyRows.Upsert(session, answered));
            row = answered;
        }
        finally
        {
            Release();
        }
    }

    public async Task Refuse()
    {
        try
        {
            var key = this.GetPrimaryKeyString();
            await database.Write(session => IdempotencyRows.Delete(session, key));
            row = null;
        }
        finally
        {
            Release();
        }
    }

    public Task Abandon()
    {
        Release();
        return Task.CompletedTask;
    }

    private async Task<IdempotencyTicket> Reserve(string requestHash, DateTimeOffset now)
    {
        // Held before the first await, so that calls which interleave find it taken.
        holder = new Holder(now, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (row is { } resumed)
        {
            return new IdempotencyTicket(IdempotencyState.Fresh, resumed.Seed, null);
        }

        var reserved = new IdempotencyRow(this.GetPrimaryKeyString(), requestHash, Ulid.New(now), now, null);
        row = reserved;
        try
        {
            await database.Write(session => IdempotencyRows.Upsert(session, reserved));
            return new IdempotencyTicket(IdempotencyState.Fresh, reserved.Seed, null);
        }
        catch
        {
            // Nobody has been given the seed, so the next call may start from nothing.
            row = null;
            Release();
            throw;
        }
    }

    private void Release()
    {
        holder?.Ended.TrySetResult();
        holder = null;
    }

    private sealed record Holder(DateTimeOffset Since, TaskCompletionSource Ended);
}
