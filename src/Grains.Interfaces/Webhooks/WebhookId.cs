using System.Text.Json.Serialization;
using OpenBitum.Ids;

namespace OpenBitum.Webhooks;

/// <summary>Names a webhook subscription: `whk_` and a ULID.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.webhooks.webhook-id")]
[JsonConverter(typeof(IdJsonConverter<WebhookId>))]
public readonly record struct WebhookId([property: Id(0)] string Value) : IId<WebhookId>
{
    public const string Prefix = "whk_";

    public static WebhookId New(DateTimeOffset now) => new(Ulid.New(Prefix, now));

    public static bool TryParse(string? text, out WebhookId id)
    {
        id = new WebhookId(text ?? "");
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && Ulid.IsValid(text.AsSpan(Prefix.Length));
    }

    public override string ToString() => Value;
}
