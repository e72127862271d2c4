using OpenBitum.Http;
using OpenBitum.Ids;
using OpenBitum.Time;

namespace OpenBitum.Idempotency;

/// <summary>An Idempotency-Key held for this request.</summary>
internal sealed class Reservation(KeyInUse key, IdempotencyTicket ticket)
{
    private bool settled;

    /// <summary>The ULID of the ids to be made.</summary>
    public string Seed => ticket.Seed;

    /// <summary>Stores a 2xx answer, or frees the key after a refusal; before the caller hears of either.</summary>
    /// <returns>What the caller is to hear: the same, unless this request was so slow that another has answered in its place.</returns>
    public async Task<Answer> Settle(Answer answer)
    {
        if (settled)
        {
            return answer;
        }

        settled = true;
        if (answer.Status >= 500)
        {
            await key.Grain.Abandon(ticket.Hold);
            return answer;
        }

        var isHeld = IsDone(answer)
            ? await key.Grain.Complete(ticket.Hold, key.Close(answer))
            : await key.Grain.Refuse(ticket.Hold);
        return isHeld ? answer : await AnswerLate(answer);
    }

    /// <summary>The request ended by an exception.</summary>
    public Task AbandonUnlessSettled() => settled ? Task.CompletedTask : key.Grain.Abandon(ticket.Hold);

    /// <summary>
    /// The lease ended before the work did. Two answers to one key may differ, in a secret that the later one has replaced for
    /// example, so whoever comes late hears what everybody hears who repeats the request now.
    /// </summary>
    private async Task<Answer> AnswerLate(Answer answer)
    {
        var standing = await key.Begin();
        if (standing.State is not IdempotencyState.Fresh)
        {
            // With another body the key stands for another request by now, which says nothing of this one.
            return standing.State is IdempotencyState.Mismatch ? answer : key.AnswerOf(standing)!;
        }

        if (IsDone(answer))
        {
            await key.Grain.Complete(standing.Hold, key.Close(answer));
        }
        else
        {
            // This refusal knows nothing of how far a call in between has got, so the ids stay reserved.
            await key.Grain.Abandon(standing.Hold);
        }

        return answer;
    }

    private static bool IsDone(Answer answer) => answer.Status is >= 200 and < 300;
}

/// <summary>The ULID for what a request makes: reserved by its Idempotency-Key, or fresh.</summary>
internal sealed record NewUlid(string Value)
{
    public static ValueTask<NewUlid> BindAsync(HttpContext context)
    {
        var reserved = context.Features.Get<Reservation>()?.Seed;
        var clock = context.RequestServices.GetRequiredService<TimeProvider>();
        return ValueTask.FromResult(new NewUlid(reserved ?? Ulid.New(clock.Now())));
    }
}

/// <summary>Under which a grain remembers what this request has done: the same in each repetition; null without an Idempotency-Key.</summary>
internal sealed record CommandId(string? Value)
{
    public static ValueTask<CommandId> BindAsync(HttpContext context) =>
        ValueTask.FromResult(new CommandId(context.Features.Get<Reservation>()?.Seed));
}
