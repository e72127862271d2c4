using System.Text.Json;
using OpenBitum.Customers;
using OpenBitum.Json;

namespace OpenBitum.ReadModel;

/// <summary>What one version of a customer shows in lists.</summary>
public sealed record CustomerRow(CustomerState Customer, string GrainKey, long Version) : IRow
{
    public Task Upsert(SqlSession session) => CustomerRows.Upsert(session, this);
}

/// <summary>Table `customers`.</summary>
public static class CustomerRows
{
    public static Task<int> Upsert(SqlSession session, CustomerRow row) =>
        session.Execute(
            """
            INSERT INTO customers (id, merchant, version, grain_key, created_at, view) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, view = excluded.view WHERE excluded.version > customers.version
            """,
            row.Customer.Id.Value, row.Customer.Merchant.Value, row.Version, row.GrainKey, row.Customer.CreatedAt,
            JsonSerializer.Serialize(Customer.View(row.Customer), WireJson.Options));
}
