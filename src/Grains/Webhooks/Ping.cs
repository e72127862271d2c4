using System.Text.Json;
using OpenBitum.Json;
using OpenBitum.Outbox;

namespace OpenBitum.Webhooks;

/// <summary>The event that a merchant sends to an endpoint to see it arrive.</summary>
public static class Ping
{
    public static OutgoingEvent Of(WebhookState webhook, EventId id, DateTimeOffset now)
    {
        var body = new Body(id, EventType.WebhookTest, now, Test: false, new Data(webhook.Id));
        return new OutgoingEvent(
            id, webhook.Merchant, EventType.WebhookTest, webhook.Id.Value, 0, now, Test: false, JsonSerializer.Serialize(body, WireJson.Options));
    }

    private sealed record Body(EventId Id, string Type, DateTimeOffset Timestamp, bool Test, Data Data);

    private sealed record Data(WebhookId WebhookId);
}
