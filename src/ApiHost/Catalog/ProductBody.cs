using System.Collections.Immutable;
using OpenBitum.Http;
using OpenBitum.Json;

namespace OpenBitum.Catalog;

/// <summary>A product as a request writes it; the same for a new one and for a JSON merge (RFC 7396).</summary>
internal static class ProductBody
{
    public static bool TryRead(RequestBody body, out ProductFields product, out Invalid invalid)
    {
        var fields = new Fields(body);
        product = new ProductFields
        {
            Name = fields.Change("name", fields.Text, null!),
            Description = fields.Change("description", fields.Text, ""),
            Price = fields.Change("price", fields.Money, default),
            Images = fields.Change("images", fields.Texts, []),
            Stock = fields.Nullable("stock", fields.Whole),
            Active = fields.NotNull("active", fields.Flag),
            TtlSeconds = fields.Nullable("ttlSeconds", fields.Int),
            Entitlements = fields.Change("entitlements", name => fields.Objects(name, ReadEntitlement), []),
            Metadata = fields.NotNull("metadata", fields.TextPairChanges, ImmutableSortedDictionary<string, string?>.Empty),
        };
        return !fields.AreWrong(out invalid);
    }

    private static ProductEntitlement ReadEntitlement(Fields fields) =>
        new(fields.RequiredText("handler"), fields.RequiredText("key"), fields.Text("url"));
}
