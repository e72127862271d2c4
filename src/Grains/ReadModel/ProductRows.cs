using System.Data.Common;
using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Json;

namespace OpenBitum.ReadModel;

/// <summary>What one version of a product shows in lists.</summary>
public sealed record ProductRow(ProductState Product, long Version) : IRow
{
    public Task Upsert(SqlSession session) => ProductRows.Upsert(session, this);
}

/// <summary>Table `products`.</summary>
public static class ProductRows
{
    public static Task Upsert(SqlSession session, ProductRow row) =>
        session.Execute(
            """
            INSERT INTO products (id, merchant, version, revision, active, deleted, view) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, revision = excluded.revision, active = excluded.active,
                deleted = excluded.deleted, view = excluded.view
            WHERE excluded.version > products.version
            """,
            row.Product.Id.Value, row.Product.Merchant.Value, row.Version, row.Product.Revision, row.Product.Active,
            row.Product.Deleted, JsonSerializer.Serialize(Product.View(row.Product), WireJson.Options));

    public static Task<Page<ProductView>> Active(SqlSession session, MerchantId merchant, PageRequest page) =>
        Select(session, "AND active = 1 AND deleted = 0", merchant, page);

    public static Task<Page<ProductView>> OfMerchant(SqlSession session, MerchantId merchant, bool includeDeleted, PageRequest page) =>
        Select(session, includeDeleted ? "" : "AND deleted = 0", merchant, page);

    private static async Task<Page<ProductView>> Select(SqlSession session, string which, MerchantId merchant, PageRequest page)
    {
        var rows = await session.Query(
            $"SELECT view, revision, deleted FROM products WHERE merchant = $1 AND id < $2 {which} ORDER BY id DESC LIMIT $3",
            reader => Read(reader, merchant), merchant.Value, KeysetPage.Before(page), page.Limit + 1);
        return KeysetPage.Of(rows, page, product => product.Id.Value);
    }

    private static ProductView Read(DbDataReader reader, MerchantId merchant) =>
        JsonSerializer.Deserialize<ProductView>(reader.GetString(0), WireJson.Options)! with
        {
            Merchant = merchant,
            Version = reader.GetInt64(1),
            Deleted = reader.GetInt64(2) != 0,
        };
}
