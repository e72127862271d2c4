using System.Text.Json.Serialization;
using OpenBitum.Ids;

namespace OpenBitum.Entitlements;

/// <summary>Names what one order grants under one entry of its product: `ent_` and a ULID.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.entitlements.entitlement-id")]
[JsonConverter(typeof(IdJsonConverter<EntitlementId>))]
public readonly record struct EntitlementId([property: Id(0)] string Value) : IId<EntitlementId>
{
    public const string Prefix = "ent_";

    public static EntitlementId New(DateTimeOffset now) => new(Ulid.New(Prefix, now));

    public static bool TryParse(string? text, out EntitlementId id)
    {
        id = new EntitlementId(text ?? "");
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && Ulid.IsValid(text.AsSpan(Prefix.Length));
    }

    public override string ToString() => Value;
}
