using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using OpenBitum.Json;
using OpenBitum.Outbox;
using OpenBitum.Webhooks;

namespace OpenBitum.ReadModel;

/// <summary>What people see of the queue.</summary>
public static partial class DeliveryRows
{
    private const int MostOfSubject = 50;
    private const int MostOfResponse = 1_024;

    /// <summary>The log of one subscription, newest first.</summary>
    public static async Task<Page<DeliveryView>> Log(SqlSession session, WebhookId webhook, PageRequest page)
    {
        var rows = await session.Query(
            """
            SELECT d.id, d.event, d.type, d.status, d.attempts, d.attempt_at, d.due_at, e.body
            FROM deliveries d JOIN events e ON e.id = d.event
            WHERE d.webhook = $1 AND d.id < $2 ORDER BY d.id DESC LIMIT $3
            """,
            ReadDelivery, webhook.Value, KeysetPage.Before(page), page.Limit + 1);
        var shown = KeysetPage.Of(rows, page, row => row.View.Id.Value);
        return new Page<DeliveryView>(await WithAttempts(session, shown.Data), shown.NextCursor);
    }

    /// <summary>
    /// The last deliveries of the last events of a subject, newest first. Bodies are left out and of each answer the beginning stays:
    /// the log of the subscription has them whole.
    /// </summary>
    public static async Task<ImmutableArray<DeliveryView>> OfSubject(SqlSession session, string subject)
    {
        var rows = await session.Query(
            $"""
            SELECT d.id, d.event, d.type, d.status, d.attempts, d.attempt_at, d.due_at, NULL
            FROM (SELECT id FROM events WHERE subject = $1 ORDER BY sequence DESC LIMIT {EventRows.MostOfSubject}) e
                CROSS JOIN deliveries d
            WHERE d.event = e.id ORDER BY d.id DESC LIMIT {MostOfSubject}
            """,
            ReadDelivery, subject);
        var deliveries = await WithAttempts(session, [.. rows]);
        return [.. deliveries.Select(delivery => delivery with { Attempts = [.. delivery.Attempts.Select(Shorten)] })];
    }

    private static DeliveryAttemptView Shorten(DeliveryAttemptView attempt) => attempt with
    {
        Response = attempt.Response is { Length: > MostOfResponse } response ? response[..MostOfResponse] : attempt.Response,
        Request = null,
    };

    private static async Task<ImmutableArray<DeliveryView>> WithAttempts(
        SqlSession session, ImmutableArray<(DeliveryView View, DateTimeOffset? SendingSince)> rows)
    {
        var views = ImmutableArray.CreateBuilder<DeliveryView>(rows.Length);
        foreach (var row in rows)
        {
            var attempts = await session.Query(
                "SELECT at, status, duration, response, request FROM delivery_attempts WHERE delivery = $1 ORDER BY number",
                ReadAttempt, row.View.Id.Value);
            if (row.SendingSince is { } since)
            {
                attempts.Add(new DeliveryAttemptView(since, null, null, null, null));
            }

            views.Add(row.View with { Attempts = [.. attempts] });
        }

        return views.ToImmutable();
    }

    private static (DeliveryView View, DateTimeOffset? SendingSince) ReadDelivery(DbDataReader reader)
    {
        var status = Enum.Parse<DeliveryStatus>(reader.GetString(3), ignoreCase: true);
        var view = new DeliveryView(
            new DeliveryId(reader.GetString(0)), new EventId(reader.GetString(1)), reader.GetString(2), status, [],
            reader.TimeOrNull(6), reader.StringOrNull(7));
        return (view, status is DeliveryStatus.Sending ? reader.TimeOrNull(5) : null);
    }

    private static DeliveryAttemptView ReadAttempt(DbDataReader reader) => new(
        reader.Time(0), (int?)reader.LongOrNull(1), reader.LongOrNull(2), reader.StringOrNull(3),
        reader.StringOrNull(4) is { } request ? JsonSerializer.Deserialize<DeliveryRequestView>(request, WireJson.Options) : null);
}
