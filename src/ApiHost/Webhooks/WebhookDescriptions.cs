using System.Collections.Immutable;
using System.Text.Json;
using OpenBitum.OpenApi;
using OpenBitum.Outbox;

namespace OpenBitum.Webhooks;

/// <summary>What the document says of subscriptions, deliveries and events.</summary>
internal static class WebhookDescriptions
{
    private const string Body = """{"id":"evt_01KG9B2Q3R4S5T6V7W8X9Y0Z1A","type":"webhook.test"}""";

    private static readonly Parameter Id = new("id", Schema.Id<WebhookId>(), "The subscription.");

    private static readonly WebhookView Webhook = new(
        Sample.Webhook, "https://shop.example/hooks", [EventType.OrderPaid], Active: true, "Shop", Sample.At, null);

    private static readonly DeliveryView Delivery = new(
        Sample.Delivery, Sample.Event, EventType.WebhookTest, DeliveryStatus.Succeeded,
        [
            new DeliveryAttemptView(Sample.At, 200, 35, "ok", new DeliveryRequestView(
                Webhook.Url, ImmutableSortedDictionary<string, string>.Empty.Add("webhook-id", Sample.Event.Value))),
        ],
        null,
        Body);

    public static Operation List() => new("listWebhooks", Tag.Webhooks, "Lists the merchant's subscriptions") { Example = Webhook };

    public static Operation Create() => new("createWebhook", Tag.Webhooks, "Subscribes an endpoint")
    {
        About = "`secret` is shown here and never again.",
        Body = Schema.Object(
            Field.Required("url", Url, "https, on a public address."),
            Field.Required("events", Events, "What it is told; `*`: everything."),
            Field.Optional("description", Text.OrNull(), "For the merchant.")),
        BodyExample = """{ "url": "https://shop.example/hooks", "events": ["order.paid"], "description": "Shop" }""",
        Example = Webhook with { Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" },
        Sends = AnswerHeader.Location,
    };

    public static Operation Read() => new("getWebhook", Tag.Webhooks, "Shows a subscription") { Parameters = [Id], Example = Webhook };

    public static Operation Update() => new("updateWebhook", Tag.Webhooks, "Changes a subscription")
    {
        About = "What is left out stays.",
        Parameters = [Id],
        Body = Schema.Object(
            Field.Optional("url", Url, "https, on a public address."),
            Field.Optional("events", Events, "What it is told; `*`: everything."),
            Field.Optional("description", Text.OrNull(), "For the merchant; null clears it."),
            Field.Optional("active", Schema.Flag, "Whether anything is sent.")),
        BodyExample = """{ "active": false }""",
        Example = Webhook with { Active = false },
    };

    public static Operation Delete() => new("deleteWebhook", Tag.Webhooks, "Ends a subscription") { Parameters = [Id] };

    public static Operation Test() => new("testWebhook", Tag.Webhooks, "Sends a ping to an endpoint")
    {
        Parameters = [Id],
        Example = new DeliveryQueued(Sample.Delivery),
    };

    public static Operation Deliveries() => new("listDeliveries", Tag.Webhooks, "Lists what was sent to an endpoint, with every attempt")
    {
        Parameters = [Id],
        Example = Delivery,
    };

    public static Operation Redeliver() => new("redeliver", Tag.Webhooks, "Sends an event once more")
    {
        About = "A new delivery of the same event under its id.",
        Parameters = [new("id", Schema.Id<DeliveryId>(), "The delivery.")],
        Example = new DeliveryQueued(Sample.Delivery),
    };

    public static Operation ListEvents() => new("listEvents", Tag.Webhooks, "Pulls events, oldest first")
    {
        About = "For whoever missed deliveries: `nextCursor` is always given, and nothing ever appears behind it.",
        Parameters = [new("after", Schema.Matching("^[0-9]{1,19}$"), "`nextCursor` of the page before; left out: from the beginning.")],
        Example = new EventView(
            Sample.Event, EventType.WebhookTest, Sample.At, Test: false, JsonElement.Parse($$"""{"webhookId":"{{Sample.Webhook}}"}""")),
    };

    private static Schema Url => Schema.Url(WebhookUrl.LongestUrl, 1);

    private static Schema Text => Schema.Text(Webhooks.Webhook.DescriptionLength);

    private static Schema Events =>
        Schema.Array(Schema.OneOf([.. EventType.Subscribable, Webhooks.Webhook.EveryEvent]), EventType.Subscribable.Count, 1);
}
