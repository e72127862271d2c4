using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Customers;
using OpenBitum.Json;
using OpenBitum.Orders;

namespace OpenBitum.ReadModel;

/// <summary>What one version of an order shows in lists, its entitlements included.</summary>
/// <param name="View">The merchant's.</param>
public sealed record OrderRow(MerchantOrderView View) : IRow
{
    // Made in the turn of its order: what is made within the transaction, all others wait for.
    private readonly string view = JsonSerializer.Serialize(View, WireJson.Options);
    private readonly ImmutableArray<TallyEntry> tally = OrderTally.Of(View);

    public async Task Upsert(SqlSession session)
    {
        if (await OrderRows.Upsert(session, View, view, Tally.Write(tally)) is not { } replaced)
        {
            return;
        }

        await TotalRows.Change(session, View.Merchant, View.CustomerId, Tally.Read(replaced.Counted), tally);

        foreach (var entitlement in View.Entitlements)
        {
            await EntitlementRows.Upsert(session, entitlement, View.Merchant, View.Email, View.Version);
        }
    }
}

/// <summary>The row that a newer one has replaced.</summary>
/// <param name="Counted">What it added to the totals; null for a new order.</param>
public sealed record ReplacedOrder(string? Counted);

/// <summary>Table `orders`.</summary>
public static partial class OrderRows
{
    private const string Insert =
        """
        INSERT INTO orders (id, merchant, version, status, product, customer, email, payments, created_at, expires_at, paid_at, view, counted)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """;

    // Apart from what follows: SQLite makes a table for what a statement returns, and a new order replaces nothing.
    private const string InsertNew = $"{Insert} ON CONFLICT (id) DO NOTHING";

    // It inserts too: on the server a rebuild may take the row away between the two.
    private const string InsertOrReplace =
        $"""
        {Insert}
        ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status, email = excluded.email,
            payments = excluded.payments, expires_at = excluded.expires_at, paid_at = excluded.paid_at, view = excluded.view,
            counted_before = orders.counted, counted = excluded.counted
        WHERE excluded.version > orders.version
        RETURNING counted_before
        """;

    /// <summary>What stood there before, in the same statement; null when this version, or a newer one, is there already.</summary>
    /// <param name="view">The order as JSON.</param>
    /// <param name="counted">What it adds to the totals.</param>
    public static async Task<ReplacedOrder?> Upsert(SqlSession session, MerchantOrderView order, string view, string counted)
    {
        object?[] values =
        [
            order.OrderId.Value, order.Merchant.Value, order.Version, NameOf(order.Status), order.ProductId.Value,
            order.CustomerId.Value, ICustomerGrain.Fold(order.Email), order.Payments.Length, order.CreatedAt, order.ExpiresAt,
            order.PaidAt, view, counted,
        ];
        var isNew = await session.Execute(InsertNew, values) == 1;

        // An order that nobody has paid yet is spared the question.
        var known = isNew || order.Payments.IsEmpty ? 0L : await session.First(
            "SELECT payments FROM orders WHERE id = $1", reader => reader.GetInt64(0), order.OrderId.Value);
        var replaced = isNew
            ? new ReplacedOrder(null)
            : await session.First(InsertOrReplace, reader => new ReplacedOrder(reader.StringOrNull(0)), values);
        if (replaced is not null)
        {
            await OrderTransactionRows.Add(session, order, replaced.Counted is null ? 0 : (int)known);
        }

        return replaced;
    }

    /// <summary>One page of a list.</summary>
    /// <exception cref="ArgumentException">The cursor is one of another list.</exception>
    public static async Task<Page<MerchantOrderView>> OfMerchant(
        SqlSession session, MerchantId merchant, OrderFilter filter, PageRequest page)
    {
        OrderId? after = null;
        var place = DateTimeOffset.UnixEpoch;
        if (page.After is { } cursor)
        {
            after = OrderCursor.TryRead(cursor, merchant, filter, out place)
                ? new OrderId(cursor.Id)
                : throw new ArgumentException("The cursor was cut from another list.", nameof(page));
        }

        var listing = new OrderListing(merchant, filter, after, place, page.Limit + 1);
        var rows = await session.Query(
            listing.Sql, reader => (View: Read(reader, merchant), Place: reader.Time(2)), listing.Values);
        if (rows.Count <= page.Limit)
        {
            return new Page<MerchantOrderView>([.. rows.Select(row => row.View)], null);
        }

        var last = rows[page.Limit - 1];
        var next = OrderCursor.Behind(merchant, filter, last.Place, last.View.OrderId);
        return new Page<MerchantOrderView>([.. rows.Take(page.Limit).Select(row => row.View)], next.ToString());
    }

    internal static string NameOf(OrderStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    private static MerchantOrderView Read(DbDataReader reader, MerchantId merchant) =>
        JsonSerializer.Deserialize<MerchantOrderView>(reader.GetString(0), WireJson.Options)! with
        {
            Merchant = merchant,
            Version = reader.GetInt64(1),
        };
}
