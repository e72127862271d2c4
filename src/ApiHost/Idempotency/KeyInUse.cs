using OpenBitum.Http;

namespace OpenBitum.Idempotency;

/// <summary>One Idempotency-Key in its scope, with the request that it was sent with.</summary>
/// <param name="grain">Knows what became of it.</param>
/// <param name="seal">Closes and opens its answer.</param>
/// <param name="text">As its caller sent it.</param>
/// <param name="row">Under which the answer is stored: the grain's key.</param>
/// <param name="requestHash">SHA-256 of the raw body in hex.</param>
internal sealed class KeyInUse(IIdempotencyGrain grain, AnswerSeal seal, string text, string row, string requestHash)
{
    public IIdempotencyGrain Grain => grain;

    public Task<IdempotencyTicket> Begin() => grain.Begin(requestHash);

    public StoredAnswer Close(Answer answer) => seal.Close(answer, text, row);

    /// <summary>What the caller is told without anything being done; null when the work is the caller's to do.</summary>
    public Answer? AnswerOf(IdempotencyTicket ticket) => ticket switch
    {
        { State: IdempotencyState.Fresh } => null,
        { State: IdempotencyState.Mismatch } => new Refused(HttpError.IdempotencyMismatch),
        { State: IdempotencyState.Replay, Answer: { } stored } => Replay(stored),
        _ => new Refused(HttpError.IdempotencyInProgress),
    };

    /// <summary>What was done must not be done again, so an answer that cannot be read ends the matter: the caller has to look.</summary>
    private Answer Replay(StoredAnswer stored) => seal.Open(stored, text, row) is { } body
        ? new Replayed(stored.Status, body) { Location = stored.Location }
        : new Refused(HttpError.IdempotencyAnswerLost);
}
