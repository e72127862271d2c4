using OpenBitum.Ids;
using OpenBitum.Outbox;
using OpenBitum.Webhooks;

namespace OpenBitum.ReadModel;

/// <summary>Table `deliveries`.</summary>
public static partial class DeliveryRows
{
    /// <summary>
    /// One delivery per active subscription of the event's merchant that asked for its type; their ids are added to
    /// <paramref name="awaited"/>. The id is derived from event and subscription, so that a replay makes the same row.
    /// </summary>
    public static async Task FanOut(SqlSession session, OutgoingEvent outgoing, DateTimeOffset now, HashSet<string> awaited)
    {
        var webhooks = await session.Query(
            "SELECT id FROM webhooks WHERE merchant = $1 AND active = 1 AND (events = ' * ' OR events LIKE '% ' || $2 || ' %')",
            reader => reader.GetString(0), outgoing.Merchant.Value, outgoing.Type);
        foreach (var webhook in webhooks)
        {
            await Insert(session, DeliveryOf(webhook, outgoing.Id, outgoing.Timestamp), webhook, outgoing, now);
            awaited.Add(webhook);
        }
    }

    /// <summary>The id of an event's first delivery to a subscription.</summary>
    public static DeliveryId DeliveryOf(string webhook, EventId outgoing, DateTimeOffset at) =>
        new(DeliveryId.Prefix + Ulid.Derive($"{webhook}/{outgoing.Value}", at));

    private static Task<int> Insert(SqlSession session, DeliveryId id, string webhook, OutgoingEvent outgoing, DateTimeOffset now) =>
        session.Execute(
            """
            INSERT INTO deliveries (id, webhook, event, type, subject, sequence, status, attempts, due_at, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, 'pending', 0, $7, $7) ON CONFLICT (id) DO NOTHING
            """,
            id.Value, webhook, outgoing.Id.Value, outgoing.Type, outgoing.Subject, outgoing.Sequence, now);
}
