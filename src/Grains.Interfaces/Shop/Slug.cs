using System.Text.Json.Serialization;
using OpenBitum.Ids;

namespace OpenBitum.Shop;

/// <summary>The public name of a shop in URLs: 3-60 of <c>a-z0-9-</c>, one shop's at a time.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.shop.slug")]
[JsonConverter(typeof(IdJsonConverter<Slug>))]
public readonly record struct Slug([property: Id(0)] string Value) : IId<Slug>
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789-";

    public static bool TryParse(string? text, out Slug id)
    {
        id = new Slug(text ?? "");
        return text is { Length: >= 3 and <= 60 } && !text.AsSpan().ContainsAnyExcept(Alphabet);
    }

    public override string ToString() => Value;
}
