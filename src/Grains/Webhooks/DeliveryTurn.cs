using OpenBitum.Outbox;

namespace OpenBitum.Webhooks;

/// <summary>What a pump asks of the queue in one transaction.</summary>
/// <param name="Merchant">Whose events they are.</param>
/// <param name="Recover">True on the first turn of a pump: what an earlier one had on its way is due again.</param>
/// <param name="Ended">Attempts to close.</param>
/// <param name="Room">How many rows may be taken.</param>
public sealed record DeliveryTurnRequest(
    string Webhook, string Merchant, bool Recover, IReadOnlyList<EndedAttempt> Ended, int Room, DateTimeOffset Now);

/// <param name="NextDueAt">When the next row is due; null when none is, or when there was no room to look.</param>
public sealed record DeliveryTurn(IReadOnlyList<StartedAttempt> Started, DateTimeOffset? NextDueAt);

/// <summary>A row that was taken; its attempt is recorded and is to be made now.</summary>
public sealed record StartedAttempt(string Delivery, int Number, string Lane, EventId Event, string Body, DateTimeOffset At);

/// <summary>An attempt that was made, and what becomes of its row.</summary>
/// <param name="DueAt">With <see cref="DeliveryStatus.Pending"/>: when it is tried again.</param>
/// <param name="Request">JSON of <see cref="DeliveryRequestView"/>.</param>
public sealed record EndedAttempt(
    string Delivery,
    int Number,
    string Lane,
    DateTimeOffset At,
    DeliveryStatus Status,
    DateTimeOffset? DueAt,
    int? HttpStatus,
    long DurationMilliseconds,
    string Response,
    string Request)
{
    /// <summary>Later rows of its lane may go.</summary>
    public bool Finishes => Status is not DeliveryStatus.Pending;

    /// <summary>Success, the end of the endpoint, another try, or the end of the schedule.</summary>
    /// <param name="roll">Chance, see <see cref="RetrySchedule"/>.</param>
    public static EndedAttempt Of(
        StartedAttempt attempt, EndpointAnswer answer, string request, RetrySchedule schedule, int roll, DateTimeOffset now)
    {
        var delay = answer.IsSuccess || answer.IsGone ? null : schedule.DelayAfter(attempt.Number, answer.RetryAfter, roll);
        var status = answer switch
        {
            { IsSuccess: true } => DeliveryStatus.Succeeded,
            { IsGone: true } => DeliveryStatus.Disabled,
            _ => delay is null ? DeliveryStatus.Parked : DeliveryStatus.Pending,
        };
        return new EndedAttempt(
            attempt.Delivery, attempt.Number, attempt.Lane, attempt.At, status, now + delay, answer.Status,
            answer.Duration.Ticks / TimeSpan.TicksPerMillisecond, answer.Response, request);
    }
}
