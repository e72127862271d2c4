using OpenBitum.Outbox;
using OpenBitum.Webhooks;

namespace OpenBitum.ReadModel;

/// <summary>How rows leave the queue: what the pump of one subscription reads and writes.</summary>
public static partial class DeliveryRows
{
    private const int MostDisabledAtOnce = 500;

    /// <summary>
    /// One turn of a pump, in one transaction: closes the attempts that have ended, then takes rows that are due and records the
    /// attempt of each before it is made.
    /// </summary>
    public static async Task<DeliveryTurn> Turn(SqlSession session, DeliveryTurnRequest request)
    {
        if (request.Recover)
        {
            await Recover(session, request.Webhook, request.Now);
        }

        if (request.Ended.Any(ended => ended.Finishes))
        {
            // Whoever publishes for this merchant holds its counter until the commit: either its new row of the lane is seen
            // below, or it sees that the lane is free.
            await session.Execute("UPDATE event_counters SET last = last WHERE merchant = $1", request.Merchant);
        }

        foreach (var ended in request.Ended)
        {
            await Close(session, request.Webhook, ended, request.Now);
        }

        var started = request.Room > 0 ? await Take(session, request) : [];
        return new DeliveryTurn(started, started.Count < request.Room ? await NextDue(session, request.Webhook) : null);
    }

    /// <summary>Ends rows of a subscription that gets no more; answers whether there may be more of them.</summary>
    public static async Task<bool> Disable(SqlSession session, string webhook, DateTimeOffset now)
    {
        var ended = await session.Execute(
            $"""
            UPDATE deliveries SET status = 'disabled', due_at = NULL, finished_at = $2
            WHERE id IN (SELECT id FROM deliveries WHERE webhook = $1 AND finished_at IS NULL AND status = 'pending' LIMIT {MostDisabledAtOnce})
            """,
            webhook, now);
        return ended == MostDisabledAtOnce;
    }

    /// <summary>
    /// Rows that were on their way when an earlier pump of this subscription ended: nobody knows whether they arrived, so they
    /// are due again.
    /// </summary>
    private static async Task Recover(SqlSession session, string webhook, DateTimeOffset now)
    {
        await session.Execute(
            """
            INSERT INTO delivery_attempts (delivery, number, at)
            SELECT id, attempts, attempt_at FROM deliveries WHERE webhook = $1 AND status = 'sending'
            ON CONFLICT (delivery, number) DO NOTHING
            """,
            webhook);
        await session.Execute(
            "UPDATE deliveries SET status = 'pending', due_at = $2 WHERE webhook = $1 AND status = 'sending'", webhook, now);
    }

    private static async Task Close(SqlSession session, string webhook, EndedAttempt ended, DateTimeOffset now)
    {
        await session.Execute(
            """
            INSERT INTO delivery_attempts (delivery, number, at, status, duration, response, request) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (delivery, number) DO UPDATE SET status = excluded.status, duration = excluded.duration,
                response = excluded.response, request = excluded.request
            """,
            ended.Delivery, ended.Number, ended.At, ended.HttpStatus, ended.DurationMilliseconds, ended.Response, ended.Request);

        // A pump that was taken for dead may close an attempt after another one has begun the next: that one decides.
        var closed = await session.Execute(
            "UPDATE deliveries SET status = $3, due_at = $4, finished_at = $5 WHERE id = $1 AND attempts = $2 AND status = 'sending'",
            ended.Delivery, ended.Number, ended.Status switch
            {
                DeliveryStatus.Pending => "pending",
                DeliveryStatus.Succeeded => "succeeded",
                DeliveryStatus.Parked => "parked",
                DeliveryStatus.Disabled => "disabled",
                var other => throw new InvalidOperationException($"An attempt does not end as {other}."),
            },
            ended.DueAt, ended.Finishes ? now : null);

        if (closed == 1 && ended.Finishes)
        {
            await session.Execute(
                """
                UPDATE deliveries SET due_at = $3
                WHERE id = (SELECT id FROM deliveries WHERE webhook = $1 AND lane = $2 AND finished_at IS NULL ORDER BY sequence, id LIMIT 1)
                    AND status = 'pending' AND due_at IS NULL
                """,
                webhook, ended.Lane, now);
        }
    }

    private static async Task<List<StartedAttempt>> Take(SqlSession session, DeliveryTurnRequest request)
    {
        var taken = await session.Query(
            """
            UPDATE deliveries SET status = 'sending', attempts = attempts + 1, attempt_at = $2, due_at = NULL
            WHERE id IN (SELECT id FROM deliveries WHERE webhook = $1 AND due_at <= $2 ORDER BY due_at, id LIMIT $3)
            RETURNING id, event, lane, attempts
            """,
            reader => (Id: reader.GetString(0), Event: reader.GetString(1), Lane: reader.GetString(2), Number: reader.GetInt64(3)),
            request.Webhook, request.Now, request.Room);

        var started = new List<StartedAttempt>(taken.Count);
        foreach (var row in taken)
        {
            var body = await session.First("SELECT body FROM events WHERE id = $1", reader => reader.GetString(0), row.Event);
            started.Add(new StartedAttempt(row.Id, (int)row.Number, row.Lane, new EventId(row.Event), body!, request.Now));
        }

        return started;
    }

    private static Task<DateTimeOffset?> NextDue(SqlSession session, string webhook) =>
        session.First(
            "SELECT due_at FROM deliveries WHERE webhook = $1 AND due_at IS NOT NULL ORDER BY due_at LIMIT 1",
            reader => reader.TimeOrNull(0), webhook);
}
