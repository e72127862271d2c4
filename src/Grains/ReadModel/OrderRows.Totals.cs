using System.Globalization;
using OpenBitum.Access;
using OpenBitum.Customers;
using OpenBitum.Orders;

namespace OpenBitum.ReadModel;

/// <summary>What counts, read from the orders themselves.</summary>
public static partial class OrderRows
{
    /// <summary>
    /// What a merchant's orders count from one moment to before another, read order by order: for parts of a day, whose totals are
    /// not kept.
    /// </summary>
    public static async Task<List<TallyEntry>> Counted(SqlSession session, MerchantId merchant, DateTimeOffset from, DateTimeOffset to)
    {
        // Each moment of an order has an index of its own, so each finds its orders; one that is found twice is read once.
        var counted = await session.Query(
            """
            SELECT counted FROM orders WHERE counted IS NOT NULL AND id IN (
                SELECT id FROM orders WHERE merchant = $1 AND created_at >= $2 AND created_at < $3
                UNION SELECT id FROM orders WHERE merchant = $1 AND paid_at >= $2 AND paid_at < $3
                UNION SELECT id FROM orders WHERE merchant = $1 AND status = 'expired' AND expires_at >= $2 AND expires_at < $3)
            """,
            reader => reader.GetString(0), merchant.Value, from, to);
        return [.. counted.SelectMany(text => Tally.Read(text)).Where(entry => entry.At >= from && entry.At < to)];
    }

    /// <summary>A customer's orders, newest first.</summary>
    public static async Task<Page<OrderId>> OfCustomer(SqlSession session, MerchantId merchant, CustomerId customer, int limit, Cursor? after)
    {
        _ = long.TryParse(after?.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var createdAt);
        var rows = await session.Query(
            """
            SELECT id, created_at FROM orders WHERE merchant = $1 AND customer = $2 AND (created_at, id) < ($3, $4)
            ORDER BY created_at DESC, id DESC LIMIT $5
            """,
            reader => (Id: new OrderId(reader.GetString(0)), CreatedAt: reader.GetInt64(1)),
            merchant.Value, customer.Value, after is null ? long.MaxValue : createdAt, after?.Id ?? "", (long)limit);
        var next = rows.Count < limit
            ? null
            : new Cursor(rows[^1].CreatedAt.ToString(CultureInfo.InvariantCulture), rows[^1].Id.Value).ToString();
        return new Page<OrderId>([.. rows.Select(row => row.Id)], next);
    }
}
