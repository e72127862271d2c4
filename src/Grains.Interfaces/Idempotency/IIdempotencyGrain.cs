using Orleans.Concurrency;

namespace OpenBitum.Idempotency;

/// <summary>
/// One Idempotency-Key of one caller on one route; key: SHA-256 over caller, method, path and key in hex. The row is in table
/// `idempotency_keys`; the grain makes parallel calls wait for one answer.
/// </summary>
[Alias("openbitum.idempotency.key")]
public interface IIdempotencyGrain : IGrainWithStringKey
{
    /// <summary>
    /// Reserves the key with a fresh seed for the ids to be made, or tells what became of it. Waits up to 5 s while another call runs.
    /// </summary>
    /// <param name="requestHash">SHA-256 of the raw body in hex.</param>
    [AlwaysInterleave, Alias("Begin")]
    Task<IdempotencyTicket> Begin(string requestHash);

    /// <summary>
    /// Stores a 2xx answer for 24 h and lets the waiting calls have it. False, and nothing happens, when the key is no longer this
    /// hold's: a holder that has not come back for 60 s is taken for dead, and another may hold the key by now or have answered.
    /// </summary>
    /// <param name="hold">Of the ticket.</param>
    /// <param name="answer">What the caller is to be told.</param>
    [AlwaysInterleave, Alias("Complete")]
    Task<bool> Complete(string hold, StoredAnswer answer);

    /// <summary>
    /// The call was refused, so nothing was done: the key is free again and the next call is decided anew. False, and nothing happens,
    /// when the key is no longer this hold's.
    /// </summary>
    /// <param name="hold">Of the ticket.</param>
    [AlwaysInterleave, Alias("Refuse")]
    Task<bool> Refuse(string hold);

    /// <summary>The call failed and nobody knows how far it got: the next one with the same body resumes with the same ids.</summary>
    /// <param name="hold">Of the ticket; nothing happens when the key is no longer this hold's.</param>
    [AlwaysInterleave, Alias("Abandon")]
    Task Abandon(string hold);
}

public enum IdempotencyState { Fresh, Replay, Mismatch, InProgress }

/// <param name="State">What the caller does now.</param>
/// <param name="Seed">With Fresh: the ULID that the ids to be made use; the same again after a crash.</param>
/// <param name="Answer">With Replay.</param>
/// <param name="Hold">With Fresh: names this holding of the key; whoever ends it shows it.</param>
[GenerateSerializer, Immutable, Alias("openbitum.idempotency.ticket")]
public sealed record IdempotencyTicket(
    [property: Id(0)] IdempotencyState State,
    [property: Id(1)] string Seed,
    [property: Id(2)] StoredAnswer? Answer,
    [property: Id(3)] string Hold);

/// <param name="Status">The HTTP status, 2xx.</param>
/// <param name="Location">The header, where the answer had one.</param>
/// <param name="Body">The body as the host has sealed it, which alone can open it; empty for 204.</param>
[GenerateSerializer, Immutable, Alias("openbitum.idempotency.stored-answer")]
public sealed record StoredAnswer(
    [property: Id(0)] int Status,
    [property: Id(1)] string? Location,
    [property: Id(2)] string Body);
