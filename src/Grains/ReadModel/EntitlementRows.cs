using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Json;

namespace OpenBitum.ReadModel;

/// <summary>Table `entitlements`, written with the row of the order that grants them.</summary>
public static class EntitlementRows
{
    /// <param name="version">The order's.</param>
    public static Task<int> Upsert(SqlSession session, EntitlementView entitlement, MerchantId merchant, string email, long version) =>
        session.Execute(
            """
            INSERT INTO entitlements (id, merchant, order_id, version, email, status, view) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, email = excluded.email, status = excluded.status,
                view = excluded.view
            WHERE excluded.version > entitlements.version
            """,
            entitlement.Id.Value, merchant.Value, entitlement.OrderId.Value, version, ICustomerGrain.Fold(email),
            JsonNamingPolicy.CamelCase.ConvertName(entitlement.Status.ToString()), JsonSerializer.Serialize(entitlement, WireJson.Options));

    /// <summary>What an e-mail, in any case, owns at all merchants, newest first.</summary>
    public static async Task<Page<EntitlementView>> OfEmail(SqlSession session, string email, PageRequest page)
    {
        var rows = await session.Query(
            "SELECT view FROM entitlements WHERE email = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            reader => JsonSerializer.Deserialize<EntitlementView>(reader.GetString(0), WireJson.Options)!,
            ICustomerGrain.Fold(email), KeysetPage.Before(page), page.Limit + 1);
        return KeysetPage.Of(rows, page, entitlement => entitlement.Id.Value);
    }

    /// <summary>What an e-mail, in any case, or the hash of an erased one owns at one merchant, newest first.</summary>
    public static async Task<Page<EntitlementView>> OfBuyer(SqlSession session, MerchantId merchant, string email, PageRequest page)
    {
        var rows = await session.Query(
            "SELECT view FROM entitlements WHERE email = $1 AND merchant = $2 AND id < $3 ORDER BY id DESC LIMIT $4",
            reader => JsonSerializer.Deserialize<EntitlementView>(reader.GetString(0), WireJson.Options)!,
            ICustomerGrain.Fold(email), merchant.Value, KeysetPage.Before(page), page.Limit + 1);
        return KeysetPage.Of(rows, page, entitlement => entitlement.Id.Value);
    }
}
