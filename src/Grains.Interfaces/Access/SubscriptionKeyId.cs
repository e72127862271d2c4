using System.Text.Json.Serialization;
using OpenBitum.Ids;

namespace OpenBitum.Access;

/// <summary>Names a subscription key, which is no secret: `key_` and a ULID.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.access.subscription-key-id")]
[JsonConverter(typeof(IdJsonConverter<SubscriptionKeyId>))]
public readonly record struct SubscriptionKeyId([property: Id(0)] string Value) : IId<SubscriptionKeyId>
{
    public const string Prefix = "key_";

    public static SubscriptionKeyId New(DateTimeOffset now) => new(Ulid.New(Prefix, now));

    public static bool TryParse(string? text, out SubscriptionKeyId id)
    {
        id = new SubscriptionKeyId(text ?? "");
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && Ulid.IsValid(text.AsSpan(Prefix.Length));
    }

    public override string ToString() => Value;
}
