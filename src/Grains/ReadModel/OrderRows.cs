using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Json;
using OpenBitum.Orders;

namespace OpenBitum.ReadModel;

/// <summary>What one version of an order shows in lists, its entitlements included.</summary>
/// <param name="View">The merchant's.</param>
public sealed record OrderRow(MerchantOrderView View) : IRow
{
    public async Task Upsert(SqlSession session)
    {
        if (!await OrderRows.Upsert(session, View))
        {
            return;
        }

        foreach (var entitlement in View.Entitlements)
        {
            await EntitlementRows.Upsert(session, entitlement, View.Merchant, View.Email, View.Version);
        }
    }
}

/// <summary>Table `orders`.</summary>
public static class OrderRows
{
    /// <summary>False when this version, or a newer one, is there already.</summary>
    public static async Task<bool> Upsert(SqlSession session, MerchantOrderView order) =>
        await session.Execute(
            """
            INSERT INTO orders (id, merchant, version, status, product, customer, created_at, paid_at, view)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status, paid_at = excluded.paid_at,
                view = excluded.view
            WHERE excluded.version > orders.version
            """,
            order.OrderId.Value, order.Merchant.Value, order.Version, NameOf(order.Status), order.ProductId.Value,
            order.CustomerId.Value, order.CreatedAt, order.PaidAt, JsonSerializer.Serialize(order, WireJson.Options)) == 1;

    /// <summary>Newest first. What the filter leaves open is left out of the statement, so that the index of the rest serves it.</summary>
    public static async Task<Page<MerchantOrderView>> OfMerchant(
        SqlSession session, MerchantId merchant, OrderFilter filter, PageRequest page)
    {
        var conditions = new List<string> { "merchant = $1" };
        var values = new List<object?> { merchant.Value };
        Where("status =", filter.Status is { } status ? NameOf(status) : null);
        Where("product =", filter.Product?.Value);
        Where("customer =", filter.Customer?.Value);
        Where("created_at >=", filter.From);
        Where("created_at <", filter.To);
        if (page.After is { } after)
        {
            // A cursor is opaque, so a damaged one only finds another page.
            _ = long.TryParse(after.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var createdAt);
            values.AddRange([createdAt, after.Id]);
            conditions.Add($"(created_at, id) < (${values.Count - 1}, ${values.Count})");
        }

        values.Add((long)page.Limit + 1);
        var rows = await session.Query(
            $"SELECT view, version FROM orders WHERE {string.Join(" AND ", conditions)} ORDER BY created_at DESC, id DESC LIMIT ${values.Count}",
            reader => Read(reader, merchant), values.ToArray());
        return PageOf(rows, page.Limit);

        void Where(string condition, object? value)
        {
            if (value is not null)
            {
                values.Add(value);
                conditions.Add($"{condition} ${values.Count}");
            }
        }
    }

    private static Page<MerchantOrderView> PageOf(List<MerchantOrderView> rows, int limit)
    {
        if (rows.Count <= limit)
        {
            return new Page<MerchantOrderView>([.. rows], null);
        }

        var last = rows[limit - 1];
        var next = new Cursor(last.CreatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), last.OrderId.Value);
        return new Page<MerchantOrderView>([.. rows.Take(limit)], next.ToString());
    }

    private static MerchantOrderView Read(DbDataReader reader, MerchantId merchant) =>
        JsonSerializer.Deserialize<MerchantOrderView>(reader.GetString(0), WireJson.Options)! with
        {
            Merchant = merchant,
            Version = reader.GetInt64(1),
        };

    private static string NameOf(OrderStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}
