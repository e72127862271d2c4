using OpenBitum.Http;
using OpenBitum.Ids;
using OpenBitum.Time;

namespace OpenBitum.Idempotency;

/// <summary>An Idempotency-Key held for this request.</summary>
internal sealed class Reservation(IIdempotencyGrain grain, string seed, Func<Answer, StoredAnswer> close)
{
    private bool settled;

    /// <summary>The ULID of the ids to be made.</summary>
    public string Seed => seed;

    /// <summary>Stores a 2xx answer, or frees the key after a refusal; before the caller hears of either.</summary>
    public async Task Settle(Answer answer)
    {
        settled = true;
        if (answer.Status is >= 200 and < 300)
        {
            await grain.Complete(close(answer));
        }
        else if (answer.Status < 500)
        {
            await grain.Refuse();
        }
        else
        {
            await grain.Abandon();
        }
    }

    /// <summary>The request ended by an exception.</summary>
    public Task AbandonUnlessSettled() => settled ? Task.CompletedTask : grain.Abandon();
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
