using System.Text.Json.Serialization;
using OpenBitum.Ids;

namespace OpenBitum.Access;

/// <summary>Names a merchant, the tenant of everything: 1-64 of <c>A-Za-z0-9_-</c>, taken from the token; it needs no creation.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.access.merchant-id")]
[JsonConverter(typeof(IdJsonConverter<MerchantId>))]
public readonly record struct MerchantId([property: Id(0)] string Value) : IId<MerchantId>
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    public static bool TryParse(string? text, out MerchantId id)
    {
        id = new MerchantId(text ?? "");
        return text is { Length: >= 1 and <= 64 } && !text.AsSpan().ContainsAnyExcept(Alphabet);
    }

    public override string ToString() => Value;
}
