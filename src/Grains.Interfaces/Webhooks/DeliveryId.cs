using System.Text.Json.Serialization;
using OpenBitum.Ids;

namespace OpenBitum.Webhooks;

/// <summary>Names one delivery of one event to one subscription: `dlv_` and a ULID.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.webhooks.delivery-id")]
[JsonConverter(typeof(IdJsonConverter<DeliveryId>))]
public readonly record struct DeliveryId([property: Id(0)] string Value) : IId<DeliveryId>
{
    public const string Prefix = "dlv_";

    public static DeliveryId New(DateTimeOffset now) => new(Ulid.New(Prefix, now));

    public static bool TryParse(string? text, out DeliveryId id)
    {
        id = new DeliveryId(text ?? "");
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && Ulid.IsValid(text.AsSpan(Prefix.Length));
    }

    public override string ToString() => Value;
}
