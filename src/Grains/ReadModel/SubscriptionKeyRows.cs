using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Json;

namespace OpenBitum.ReadModel;

/// <summary>What one version of a subscription key shows in lists; neither its text nor its hash.</summary>
public sealed record SubscriptionKeyRow(SubscriptionKeyState Key, long Version) : IRow
{
    public Task Upsert(SqlSession session) => SubscriptionKeyRows.Upsert(session, this);
}

/// <summary>Table `subscription_keys`.</summary>
public static class SubscriptionKeyRows
{
    public static Task Upsert(SqlSession session, SubscriptionKeyRow row) =>
        session.Execute(
            """
            INSERT INTO subscription_keys (id, merchant, version, revoked, view) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, revoked = excluded.revoked, view = excluded.view
            WHERE excluded.version > subscription_keys.version
            """,
            row.Key.Id.Value, row.Key.Merchant.Value, row.Version, row.Key.Revoked,
            JsonSerializer.Serialize(SubscriptionKey.View(row.Key), WireJson.Options));

    public static async Task<Page<SubscriptionKeyView>> OfMerchant(SqlSession session, MerchantId merchant, PageRequest page)
    {
        var rows = await session.Query(
            "SELECT view FROM subscription_keys WHERE merchant = $1 AND revoked = 0 AND id < $2 ORDER BY id DESC LIMIT $3",
            reader => JsonSerializer.Deserialize<SubscriptionKeyView>(reader.GetString(0), WireJson.Options)!,
            merchant.Value, KeysetPage.Before(page), page.Limit + 1);
        return KeysetPage.Of(rows, page, key => key.Id.Value);
    }
}
