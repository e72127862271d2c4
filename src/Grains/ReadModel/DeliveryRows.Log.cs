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
        var views = ImmutableArray.CreateBuilder<DeliveryView>(shown.Data.Length);
        foreach (var row in shown.Data)
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

        return new Page<DeliveryView>(views.ToImmutable(), shown.NextCursor);
    }

    private static (DeliveryView View, DateTimeOffset? SendingSince) ReadDelivery(DbDataReader reader)
    {
        var status = Enum.Parse<DeliveryStatus>(reader.GetString(3), ignoreCase: true);
        var view = new DeliveryView(
            new DeliveryId(reader.GetString(0)), new EventId(reader.GetString(1)), reader.GetString(2), status, [],
            reader.TimeOrNull(6), reader.GetString(7));
        return (view, status is DeliveryStatus.Sending ? reader.TimeOrNull(5) : null);
    }

    private static DeliveryAttemptView ReadAttempt(DbDataReader reader) => new(
        reader.Time(0), (int?)reader.LongOrNull(1), reader.LongOrNull(2), reader.StringOrNull(3),
        reader.StringOrNull(4) is { } request ? JsonSerializer.Deserialize<DeliveryRequestView>(request, WireJson.Options) : null);
}
