using System.Collections.Immutable;
using OpenBitum.Branding;
using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.Shop;

namespace OpenBitum.Catalog;

/// <summary>What the document says of the catalog's routes.</summary>
internal static class CatalogDescriptions
{
    private const string NewProduct =
        """
        {
          "name": "Course 101",
          "description": "Six evenings",
          "price": { "amount": "19.90", "currency": "USD" },
          "images": ["https://shop.example/course.png"],
          "stock": 25,
          "entitlements": [{ "handler": "record", "key": "course-101" }],
          "metadata": { "sku": "C-101" }
        }
        """;

    private static readonly Parameter Id = new("id", Schema.Id<ProductId>(), "The product.");

    private static readonly ProductView Product = new(
        Sample.Product, default, 1, "Course 101", "Six evenings", Sample.Price, ["https://shop.example/course.png"], 25, Active: true, null,
        [new ProductEntitlement("record", "course-101", null)], ImmutableSortedDictionary<string, string>.Empty.Add("sku", "C-101"),
        Sample.At, Sample.At, Deleted: false);

    public static Operation ListActive() => new("listProducts", Tag.Catalog, "Lists what can be bought")
    {
        About = "Active products of one merchant, newest first: the slug's, else the credential's, else the default merchant's.",
        Parameters = [ShopDescriptions.Slug],
        Sends = AnswerHeader.ETag,
        Example = PublicProductView.Of(Product),
    };

    public static Operation ReadActive() => new("getProduct", Tag.Catalog, "Shows a product")
    {
        About = "Any active product of the instance, by its id.",
        Parameters = [Id],
        Sends = AnswerHeader.ETag,
        Example = PublicProductView.Of(Product),
    };

    public static Operation Create() => new("createProduct", Tag.Products, "Creates a product")
    {
        Body = Body(isNew: true),
        BodyExample = NewProduct,
        Example = Product,
        Refusals = [HttpError.PreconditionFailed],
        Sends = AnswerHeader.Location | AnswerHeader.ETag,
    };

    public static Operation List() => new("listMerchantProducts", Tag.Products, "Lists the merchant's products")
    {
        Parameters = [new("deleted", Schema.OneOf("true", "false").Usually("false"), "`true` lists deleted ones too.")],
        Example = Product,
    };

    public static Operation Read() => new("getMerchantProduct", Tag.Products, "Shows one of the merchant's products")
    {
        Parameters = [Id],
        Sends = AnswerHeader.ETag,
        Example = Product,
    };

    public static Operation Update() => new("updateProduct", Tag.Products, "Changes a product")
    {
        About = "A JSON merge (RFC 7396): what is left out stays. Open orders keep their price.",
        Parameters = [Id],
        TakesIfMatch = true,
        Body = Body(isNew: false),
        BodyExample = """{ "price": { "amount": "24.90", "currency": "USD" }, "metadata": { "sku": null } }""",
        Example = Product,
        Refusals = [HttpError.PreconditionFailed],
        Sends = AnswerHeader.ETag,
    };

    public static Operation Delete() => new("deleteProduct", Tag.Products, "Deletes a product")
    {
        About = "No new checkouts begin; open orders stay payable.",
        Parameters = [Id],
        TakesIfMatch = true,
        Refusals = [HttpError.PreconditionFailed],
    };

    private static Schema Body(bool isNew)
    {
        var url = Schema.Text(ShownUrl.Length, 1);
        var entitlement = Schema.Object(
            Field.Required("handler", Schema.OneOf("record"), "What grants it."),
            Field.Required("key", Schema.Text(ProductRules.KeyLength, 1), "What is granted."),
            Field.Optional("url", url.OrNull(), "https; for handlers that need one."));
        var pairs = Schema.Pairs(
            Schema.Text(ProductRules.MetadataValueLength).OrNull(), ProductRules.MostMetadata, ProductRules.MetadataKeyLength);
        return Schema.Object(
            new Field("name", Schema.Text(ProductRules.NameLength, 1), isNew, "Shown to buyers."),
            Field.Optional("description", Schema.Text(ProductRules.DescriptionLength).OrNull(), "Shown to buyers; null clears it."),
            new Field("price", Schema.Money, isNew, "Above zero."),
            Field.Optional("images", Schema.Array(url, ProductRules.MostImages).OrNull(), "https, or a path on this site; null clears them."),
            Field.Optional("stock", Schema.Whole(0, ProductRules.MostStock).OrNull(), "How many are left; null: nobody counts."),
            Field.Optional("active", Schema.Flag, "Whether it can be bought."),
            Field.Optional(
                "ttlSeconds", Schema.Whole(1, ProductRules.LongestTtlSeconds).OrNull(), "How long an order waits; null: as the merchant's others."),
            Field.Optional(
                "entitlements", Schema.Array(entitlement, ProductRules.MostEntitlements).OrNull(), "What a paid order grants; null clears it."),
            Field.Optional("metadata", pairs, "The merchant's own pairs; null removes one."));
    }
}
