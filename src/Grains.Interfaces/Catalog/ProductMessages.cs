using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpenBitum.Access;
using OpenBitum.Json;
using OpenBitum.Money;
using OpenBitum.Orders;
using OpenBitum.Problems;

namespace OpenBitum.Catalog;

/// <summary>What a product grants when it is paid: a handler, the key it is granted under, and a URL for handlers that need one.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.catalog.product-entitlement")]
public sealed record ProductEntitlement(
    [property: Id(0)] string Handler,
    [property: Id(1)] string Key,
    [property: Id(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url);

/// <summary>What a merchant says of a product; unset fields keep their value, or take the default at creation.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.catalog.product-fields")]
public sealed record ProductFields
{
    [Id(0)] public Change<string> Name { get; init; }
    [Id(1)] public Change<string> Description { get; init; }
    [Id(2)] public Change<Amount> Price { get; init; }
    [Id(3)] public Change<ImmutableArray<string>> Images { get; init; }
    [Id(4)] public Change<long?> Stock { get; init; }
    [Id(5)] public Change<bool> Active { get; init; }
    [Id(6)] public Change<int?> TtlSeconds { get; init; }
    [Id(7)] public Change<ImmutableArray<ProductEntitlement>> Entitlements { get; init; }

    /// <summary>Merged pair by pair, as RFC 7396 merges objects: null removes a pair, one that is not named stays.</summary>
    [Id(8)] public Change<ImmutableSortedDictionary<string, string?>> Metadata { get; init; }
}

[GenerateSerializer, Immutable, Alias("openbitum.catalog.create-product")]
public sealed record CreateProduct([property: Id(0)] MerchantId Merchant, [property: Id(1)] ProductFields Fields);

/// <param name="IfMatch">The version the caller has seen; null: any.</param>
/// <param name="CommandId">The same when the caller repeats the request; null when it cannot.</param>
[GenerateSerializer, Immutable, Alias("openbitum.catalog.update-product")]
public sealed record UpdateProduct(
    [property: Id(0)] MerchantId Merchant,
    [property: Id(1)] ProductFields Fields,
    [property: Id(2)] long? IfMatch,
    [property: Id(3)] string? CommandId = null);

[GenerateSerializer, Immutable, Alias("openbitum.catalog.delete-product")]
public sealed record DeleteProduct([property: Id(0)] MerchantId Merchant, [property: Id(1)] long? IfMatch);

public enum ProductStatus { Done, NotFound, Invalid, PreconditionFailed }

/// <summary>The outcome of creating, changing or deleting; <see cref="Product"/> with Done, <see cref="Problems"/> with Invalid.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.catalog.product-result")]
public sealed record ProductResult(
    [property: Id(0)] ProductStatus Status,
    [property: Id(1)] ProductView? Product,
    [property: Id(2)] ImmutableArray<FieldProblem> Problems);

/// <summary>The merchant's view, and what the read model keeps; the public view is made of it by <see cref="PublicProductView"/>.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.catalog.product-view")]
public sealed record ProductView(
    [property: Id(0)] ProductId Id,
    [property: Id(1), JsonIgnore] MerchantId Merchant,
    [property: Id(2), JsonIgnore] long Version,
    [property: Id(3)] string Name,
    [property: Id(4)] string Description,
    [property: Id(5)] Amount Price,
    [property: Id(6)] ImmutableArray<string> Images,
    [property: Id(7)] long? Stock,
    [property: Id(8)] bool Active,
    [property: Id(9), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? TtlSeconds,
    [property: Id(10)] ImmutableArray<ProductEntitlement> Entitlements,
    [property: Id(11)] ImmutableSortedDictionary<string, string> Metadata,
    [property: Id(12)] DateTimeOffset CreatedAt,
    [property: Id(13)] DateTimeOffset UpdatedAt,
    [property: Id(14), JsonIgnore] bool Deleted);

/// <summary>What anybody may see: no metadata, no entitlement handlers, keys or URLs.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.catalog.public-product-view")]
public sealed record PublicProductView(
    [property: Id(0)] ProductId Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Description,
    [property: Id(3)] Amount Price,
    [property: Id(4)] ImmutableArray<string> Images,
    [property: Id(5)] long? Stock,
    [property: Id(6)] bool Active,
    [property: Id(7)] DateTimeOffset CreatedAt,
    [property: Id(8)] DateTimeOffset UpdatedAt)
{
    public static PublicProductView Of(ProductView product) =>
        new(product.Id, product.Name, product.Description, product.Price, product.Images, product.Stock, product.Active,
            product.CreatedAt, product.UpdatedAt);
}

/// <summary>What a checkout needs of a product that can be bought now.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.catalog.product-offer")]
public sealed record ProductOffer(
    [property: Id(0)] ProductId Id,
    [property: Id(1)] MerchantId Merchant,
    [property: Id(2)] string Name,
    [property: Id(3)] Amount Price,
    [property: Id(4)] bool HasStock,
    [property: Id(5)] int? TtlSeconds,
    [property: Id(6)] ImmutableArray<ProductEntitlement> Entitlements);

/// <summary>
/// Takes units for an order. The product keeps the order's id until the order has acknowledged what it took or gave back,
/// so asking twice takes once.
/// </summary>
[GenerateSerializer, Immutable, Alias("openbitum.catalog.reserve-stock")]
public sealed record ReserveStock([property: Id(0)] OrderId Order, [property: Id(1)] int Quantity);

public enum ReserveStatus { Reserved, OutOfStock }
