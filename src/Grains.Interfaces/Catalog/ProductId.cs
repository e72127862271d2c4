using System.Text.Json.Serialization;
using OpenBitum.Ids;

namespace OpenBitum.Catalog;

/// <summary>Names a product: `prd_` and a ULID.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.catalog.product-id")]
[JsonConverter(typeof(IdJsonConverter<ProductId>))]
public readonly record struct ProductId([property: Id(0)] string Value) : IId<ProductId>
{
    public const string Prefix = "prd_";

    public static ProductId New(DateTimeOffset now) => new(Ulid.New(Prefix, now));

    public static bool TryParse(string? text, out ProductId id)
    {
        id = new ProductId(text ?? "");
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && Ulid.IsValid(text.AsSpan(Prefix.Length));
    }

    public override string ToString() => Value;
}
