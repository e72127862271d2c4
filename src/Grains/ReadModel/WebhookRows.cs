using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Json;
using OpenBitum.Webhooks;

namespace OpenBitum.ReadModel;

/// <summary>What one version of a subscription shows in lists and to the fan-out.</summary>
public sealed record WebhookRow(WebhookState Webhook, long Version) : IRow
{
    public Task Upsert(SqlSession session) => WebhookRows.Upsert(session, this);
}

/// <summary>Table `webhooks`.</summary>
public static class WebhookRows
{
    public static Task Upsert(SqlSession session, WebhookRow row) =>
        session.Execute(
            """
            INSERT INTO webhooks (id, merchant, version, events, active, deleted, view) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (id) DO UPDATE SET merchant = excluded.merchant, version = excluded.version, events = excluded.events,
                active = excluded.active, deleted = excluded.deleted, view = excluded.view
            WHERE excluded.version > webhooks.version
            """,
            row.Webhook.Id.Value, row.Webhook.Merchant.Value, row.Version, $" {string.Join(' ', row.Webhook.Events)} ",
            row.Webhook.Active, row.Webhook.Deleted, JsonSerializer.Serialize(Webhook.View(row.Webhook), WireJson.Options));

    public static async Task<Page<WebhookView>> OfMerchant(SqlSession session, MerchantId merchant, PageRequest page)
    {
        var rows = await session.Query(
            "SELECT view FROM webhooks WHERE merchant = $1 AND deleted = 0 AND id < $2 ORDER BY id DESC LIMIT $3",
            reader => JsonSerializer.Deserialize<WebhookView>(reader.GetString(0), WireJson.Options)!,
            merchant.Value, KeysetPage.Before(page), page.Limit + 1);
        return KeysetPage.Of(rows, page, webhook => webhook.Id.Value);
    }

    /// <summary>Subscriptions whose queue holds something to do, now or later.</summary>
    public static Task<List<string>> Waiting(SqlSession session) =>
        session.Query(
            """
            SELECT id FROM webhooks w
            WHERE EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook = w.id AND d.due_at IS NOT NULL)
                OR EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook = w.id AND d.status = 'sending')
            """,
            reader => reader.GetString(0));
}
