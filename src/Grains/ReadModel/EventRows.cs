using System.Collections.Immutable;
using OpenBitum.Access;
using OpenBitum.Orders;
using OpenBitum.Outbox;
using OpenBitum.Webhooks;

namespace OpenBitum.ReadModel;

/// <summary>Table `events`.</summary>
public static class EventRows
{
    /// <summary>How long an event can be pulled and sent again.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>
    /// Anybody may send thousands of tiny payments to an address that was shown, and each is told: what one order shows has a bound.
    /// </summary>
    internal const int MostOfSubject = 100;

    private const int MostDeletedAtOnce = 1_000;
    private const int MostLookedAtAtOnce = 10_000;

    // Silos' clocks differ: what one of them has swept must be too old for all of them.
    private static readonly TimeSpan MostClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Stores an event behind all others of its merchant; false when it is there already, or so old that it may have been and was swept:
    /// records keep what they told last until their next write, which may be years away, and nobody shall hear it anew.
    /// </summary>
    public static async Task<bool> Insert(SqlSession session, OutgoingEvent outgoing, DateTimeOffset now)
    {
        if (outgoing.Timestamp <= now - Kept)
        {
            return false;
        }

        var known = await session.First("SELECT 1 FROM events WHERE id = $1", _ => true, outgoing.Id.Value);
        if (known)
        {
            return false;
        }

        // The counter's row is locked until the commit, so positions become visible in their order.
        await session.Execute(
            "INSERT INTO event_counters (merchant, last) VALUES ($1, 1) ON CONFLICT (merchant) DO UPDATE SET last = event_counters.last + 1",
            outgoing.Merchant.Value);
        await session.Execute(
            """
            INSERT INTO events (id, merchant, position, type, subject, sequence, created_at, body)
            VALUES ($1, $2, (SELECT last FROM event_counters WHERE merchant = $2), $3, $4, $5, $6, $7)
            """,
            outgoing.Id.Value, outgoing.Merchant.Value, outgoing.Type, outgoing.Subject, outgoing.Sequence,
            outgoing.Timestamp, outgoing.Body);
        return true;
    }

    /// <summary>The merchant's events behind a position, oldest first.</summary>
    public static async Task<EventsPage> After(SqlSession session, MerchantId merchant, long after, int limit)
    {
        var rows = await session.Query(
            "SELECT position, body FROM events WHERE merchant = $1 AND position > $2 ORDER BY position LIMIT $3",
            reader => (Position: reader.GetInt64(0), Body: reader.GetString(1)), merchant.Value, after, limit);
        return new EventsPage([.. rows.Select(row => row.Body)], rows.Count == 0 ? after : rows[^1].Position);
    }

    /// <summary>The last events of an order, oldest first.</summary>
    public static async Task<ImmutableArray<OrderEventView>> OfSubject(SqlSession session, OrderId order)
    {
        var rows = await session.Query(
            $"SELECT id, type, sequence, created_at FROM events WHERE subject = $1 ORDER BY sequence DESC LIMIT {MostOfSubject}",
            reader => new OrderEventView(new EventId(reader.GetString(0)), reader.GetString(1), reader.GetInt64(2), reader.Time(3)),
            order.Value);
        rows.Reverse();
        return [.. rows];
    }

    /// <summary>
    /// Removes at most a thousand events whose time is over and which no delivery points at any more; answers how many. Their
    /// positions stay taken.
    /// </summary>
    public static Task<int> Sweep(SqlSession session, DateTimeOffset now) =>
        session.Execute(
            // Ids begin with the time, so the oldest are found without an index of their own. Those that are still pointed at are
            // passed each time; so that a heap of them never holds up the store, only so many are looked at.
            $"""
            DELETE FROM events WHERE id IN (
                SELECT e.id FROM (SELECT id FROM events WHERE id < $1 ORDER BY id LIMIT {MostLookedAtAtOnce}) e
                WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event = e.id) LIMIT {MostDeletedAtOnce})
            """,
            EventId.FirstAt(now - Kept - MostClockSkew).Value);
}
