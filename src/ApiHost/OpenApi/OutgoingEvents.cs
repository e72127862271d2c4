using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Json;
using OpenBitum.Orders;
using OpenBitum.Outbox;
using OpenBitum.Webhooks;

namespace OpenBitum.OpenApi;

/// <summary>What the service sends to a merchant's endpoints: the `webhooks` of the document.</summary>
internal static class OutgoingEvents
{
    private static readonly (string Name, string About)[] Headers =
    [
        ("x-openbitum-signature", "Lower-case hex HMAC-SHA256 of the body under the endpoint's key."),
        ("webhook-id", "The event's id, the same on every attempt."),
        ("webhook-timestamp", "Unix seconds of this attempt."),
        ("webhook-signature", "`v1,` and the base64 HMAC-SHA256 of id, timestamp and body joined by dots: Standard Webhooks."),
    ];

    private sealed record EntitlementNews(
        OrderId OrderId,
        long Sequence,
        EntitlementView Entitlement,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error);

    private sealed record CustomerNews(CustomerId CustomerId, long Sequence, CustomerView Customer);

    private sealed record TestNews(WebhookId WebhookId);

    public static JsonObject Write(ComponentSchemas schemas)
    {
        var order = OrderDescriptions.Paid with { Sequence = 3 };
        var granted = new EntitlementNews(Sample.Order, 4, OrderDescriptions.Entitlement, null);
        var met = new CustomerNews(Sample.Customer, 1, new CustomerView
        {
            Id = Sample.Customer, Email = Sample.Email, CreatedAt = Sample.At,
        });
        var webhooks = new JsonObject();
        foreach (var type in EventType.Subscribable.Append(EventType.WebhookTest))
        {
            webhooks[type] = type switch
            {
                EventType.PaymentReceived => Webhook(type, order with { Payment = OrderDescriptions.Payment }, schemas),
                EventType.EntitlementFailed => Webhook(type, granted with { Error = "The handler does not answer." }, schemas),
                EventType.CustomerCreated => Webhook(type, met, schemas),
                EventType.WebhookTest => Webhook(type, new TestNews(Sample.Webhook), schemas),
                _ when type.StartsWith("entitlement.", StringComparison.Ordinal) => Webhook(type, granted, schemas),
                _ => Webhook(type, order, schemas),
            };
        }

        return webhooks;
    }

    private static JsonObject Webhook<TData>(string type, TData data, ComponentSchemas schemas) => new()
    {
        ["post"] = new JsonObject
        {
            ["operationId"] = $"on{string.Concat(type.Split('.', '_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))}",
            ["tags"] = new JsonArray(Tag.Webhooks.Name),
            ["summary"] = $"Sent as {type}",
            ["description"] = "At least once, signed, in the order of `sequence`; the same bytes on every attempt.",
            ["security"] = new JsonArray(),
            ["parameters"] = new JsonArray([.. Headers.Select(header => (JsonNode)Header(header.Name, header.About))]),
            ["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject
                {
                    ["application/json"] = new JsonObject
                    {
                        ["schema"] = Schema(type, typeof(TData), schemas),
                        ["example"] = Example(type, data),
                    },
                },
            },
            ["responses"] = new JsonObject
            {
                ["2XX"] = new JsonObject { ["description"] = "Received; the body is not looked at." },
                ["410"] = new JsonObject { ["description"] = "Gone: nothing more is sent to this endpoint." },
                ["default"] = new JsonObject { ["description"] = "Anything else, a redirect included, is tried again for about three days." },
            },
        },
    };

    private static JsonObject Schema(string type, Type data, ComponentSchemas schemas) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["id"] = schemas.Of(typeof(Outbox.EventId)),
            ["type"] = new JsonObject { ["const"] = type },
            ["timestamp"] = schemas.Of(typeof(DateTimeOffset)),
            ["test"] = new JsonObject { ["type"] = "boolean", ["description"] = "True for payments on SANDBOX." },
            ["data"] = schemas.Of(data),
        },
        ["required"] = new JsonArray("id", "type", "timestamp", "test", "data"),
    };

    private static JsonObject Example<TData>(string type, TData data) => new()
    {
        ["id"] = Sample.Event.Value,
        ["type"] = type,
        ["timestamp"] = JsonSerializer.SerializeToNode(Sample.At, WireJson.Options),
        ["test"] = true,
        ["data"] = JsonSerializer.SerializeToNode(data, WireJson.Options),
    };

    private static JsonObject Header(string name, string about) => new()
    {
        ["name"] = name,
        ["in"] = "header",
        ["description"] = about,
        ["required"] = true,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };
}
