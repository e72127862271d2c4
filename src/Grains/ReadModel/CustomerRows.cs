using System.Data.Common;
using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Customers;
using OpenBitum.Json;
using OpenBitum.Money;

namespace OpenBitum.ReadModel;

/// <summary>What one version of a customer shows in lists, with those who had the e-mail before and were erased.</summary>
public sealed record CustomerRow(CustomerState Customer, string GrainKey, long Version) : IRow
{
    public Task Upsert(SqlSession session) => CustomerRows.Upsert(session, this);
}

/// <summary>Table `customers`; what a customer's orders add up to stands in `totals`.</summary>
public static class CustomerRows
{
    private const string ShownColumns = "c.id, c.view, t.measure, t.asset, t.number, t.high, t.low";

    public static async Task Upsert(SqlSession session, CustomerRow row)
    {
        foreach (var erased in row.Customer.Erased)
        {
            await Upsert(session, row, Customer.View(erased));
        }

        if (row.Customer.Erased.All(erased => erased.Id != row.Customer.Id))
        {
            await Upsert(session, row, Customer.View(row.Customer));
        }
    }

    /// <summary>Newest first.</summary>
    public static async Task<Page<CustomerView>> OfMerchant(SqlSession session, MerchantId merchant, PageRequest page)
    {
        var rows = await session.Query(
            $"""
            SELECT {ShownColumns}
            FROM (SELECT id, view FROM customers WHERE merchant = $1 AND id < $2 ORDER BY id DESC LIMIT $3) c
            LEFT JOIN totals t ON t.owner = c.id ORDER BY c.id DESC
            """,
            Read, merchant.Value, KeysetPage.Before(page), page.Limit + 1);
        return KeysetPage.Of(Join(rows), page, customer => customer.Id.Value);
    }

    public static async Task<CustomerView?> Find(SqlSession session, MerchantId merchant, CustomerId customer)
    {
        var rows = await session.Query(
            $"SELECT {ShownColumns} FROM customers c LEFT JOIN totals t ON t.owner = c.id WHERE c.id = $1 AND c.merchant = $2",
            Read, customer.Value, merchant.Value);
        return Join(rows).FirstOrDefault();
    }

    /// <summary>Null when the merchant has no such customer.</summary>
    public static Task<string?> GrainKey(SqlSession session, MerchantId merchant, CustomerId customer) =>
        session.First(
            "SELECT grain_key FROM customers WHERE id = $1 AND merchant = $2", reader => reader.GetString(0), customer.Value, merchant.Value);

    private static Task<int> Upsert(SqlSession session, CustomerRow row, CustomerView view) =>
        session.Execute(
            """
            INSERT INTO customers (id, merchant, version, grain_key, created_at, view) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, view = excluded.view WHERE excluded.version > customers.version
            """,
            view.Id.Value, row.Customer.Merchant.Value, row.Version, row.GrainKey, view.CreatedAt,
            JsonSerializer.Serialize(view, WireJson.Options));

    private static List<CustomerView> Join(List<(string Id, string View, TallyEntry? Sum)> rows) =>
        [.. rows.GroupBy(row => row.Id).Select(row => With(
            JsonSerializer.Deserialize<CustomerView>(row.First().View, WireJson.Options)!,
            [.. row.Select(joined => joined.Sum).OfType<TallyEntry>()]))];

    private static CustomerView With(CustomerView customer, List<TallyEntry> sums) => customer with
    {
        Orders = sums.Where(sum => sum.Measure == Measures.CustomerOrders).Sum(sum => sum.Number),
        Spent =
        [
            .. sums.Where(sum => sum is { Measure: Measures.CustomerSpent, Number: > 0 })
                .Select(sum => new Amount(sum.Asset!, sum.Atoms)).OrderBy(amount => amount.Asset.Code, StringComparer.Ordinal),
        ],
        Xp = long.CreateSaturating(sums.FirstOrDefault(sum => sum.Measure == Measures.CustomerXp).Atoms),
        EntitlementCount = sums.Where(sum => sum.Measure == Measures.CustomerEntitlements).Sum(sum => sum.Number),
    };

    private static (string Id, string View, TallyEntry? Sum) Read(DbDataReader reader) =>
        (reader.GetString(0), reader.GetString(1), TotalRows.OfCustomer(reader, 2));
}
