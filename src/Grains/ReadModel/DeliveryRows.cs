using OpenBitum.Access;
using OpenBitum.Ids;
using OpenBitum.Outbox;
using OpenBitum.Webhooks;

namespace OpenBitum.ReadModel;

/// <summary>Tables `deliveries` and `delivery_attempts`: how rows come into the queue.</summary>
public static partial class DeliveryRows
{
    /// <summary>
    /// One delivery per active subscription of the event's merchant that asked for its type; their ids are added to
    /// <paramref name="awaited"/>. The id is derived from event and subscription, so that a replay makes the same row.
    /// </summary>
    public static async Task FanOut(SqlSession session, OutgoingEvent outgoing, DateTimeOffset now, HashSet<string> awaited)
    {
        var webhooks = await session.Query(
            "SELECT id FROM webhooks WHERE merchant = $1 AND deleted = 0 AND active = 1 AND (events = ' * ' OR events LIKE '% ' || $2 || ' %')",
            reader => reader.GetString(0), outgoing.Merchant.Value, outgoing.Type);
        foreach (var webhook in webhooks)
        {
            var id = DeliveryOf(webhook, outgoing.Id, outgoing.Timestamp);
            await Insert(session, id, webhook, outgoing.Id.Value, outgoing.Type, outgoing.Subject, outgoing.Sequence, now);
            awaited.Add(webhook);
        }
    }

    /// <summary>The id of an event's first delivery to a subscription.</summary>
    public static DeliveryId DeliveryOf(string webhook, EventId outgoing, DateTimeOffset at) =>
        new(DeliveryId.Prefix + Ulid.Derive($"{webhook}/{outgoing.Value}", at));

    /// <summary>A ping: an event of the merchant's that goes to one subscription only, and waits for nothing.</summary>
    public static async Task<DeliveryId> InsertPing(SqlSession session, string webhook, OutgoingEvent ping)
    {
        await EventRows.Insert(session, ping, ping.Timestamp);
        var id = DeliveryOf(webhook, ping.Id, ping.Timestamp);
        await Insert(session, id, webhook, ping.Id.Value, ping.Type, id.Value, ping.Sequence, ping.Timestamp);
        return id;
    }

    /// <summary>
    /// Another delivery of the same event, which waits for nothing; answers its subscription, null when the merchant has no such
    /// delivery.
    /// </summary>
    public static async Task<WebhookId?> InsertAgain(
        SqlSession session, MerchantId merchant, DeliveryId delivery, DeliveryId again, DateTimeOffset now)
    {
        var earlier = await session.First(
            """
            SELECT d.webhook, d.event, d.type, d.sequence FROM deliveries d JOIN webhooks w ON w.id = d.webhook
            WHERE d.id = $1 AND w.merchant = $2 AND w.deleted = 0
            """,
            reader => new { Webhook = reader.GetString(0), Event = reader.GetString(1), Type = reader.GetString(2), Sequence = reader.GetInt64(3) },
            delivery.Value, merchant.Value);
        if (earlier is null)
        {
            return null;
        }

        await Insert(session, again, earlier.Webhook, earlier.Event, earlier.Type, again.Value, earlier.Sequence, now);
        return new WebhookId(earlier.Webhook);
    }

    /// <summary>Adds a row, due now, or behind an earlier one of its lane.</summary>
    private static Task<int> Insert(
        SqlSession session, DeliveryId id, string webhook, string eventId, string type, string lane, long sequence, DateTimeOffset now) =>
        session.Execute(
            """
            INSERT INTO deliveries (id, webhook, event, type, lane, sequence, status, attempts, due_at, created_at)
            SELECT $1, $2, $3, $4, $5, $6, 'pending', 0,
                CASE WHEN EXISTS (
                    SELECT 1 FROM deliveries WHERE webhook = $2 AND lane = $5 AND sequence < $6 AND finished_at IS NULL)
                THEN NULL ELSE CAST($7 AS BIGINT) END,
                CAST($7 AS BIGINT)
            WHERE true
            ON CONFLICT (id) DO NOTHING
            """,
            id.Value, webhook, eventId, type, lane, sequence, now);
}
