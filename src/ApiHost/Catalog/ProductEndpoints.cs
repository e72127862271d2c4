using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.Idempotency;
using OpenBitum.OpenApi;
using OpenBitum.Problems;
using OpenBitum.ReadModel;

namespace OpenBitum.Catalog;

/// <summary>What a merchant does with products.</summary>
internal static class ProductEndpoints
{
    public static void MapMerchantProducts(this IEndpointRouteBuilder merchant)
    {
        merchant.MapPost("/products", Create).TakesBody().Describe(CatalogDescriptions.Create);
        merchant.MapMethods("/products", Routes.Reading, List).Takes("deleted", Paging.Limit, Paging.Cursor)
            .OpenToKeys(KeyScope.ProductsRead).Describe(CatalogDescriptions.List);
        merchant.MapMethods("/products/{id}", Routes.Reading, Read).Takes().OpenToKeys(KeyScope.ProductsRead).Describe(CatalogDescriptions.Read);
        merchant.MapPatch("/products/{id}", Update).TakesBody().Describe(CatalogDescriptions.Update);
        merchant.MapDelete("/products/{id}", Delete).Takes().Describe(CatalogDescriptions.Delete);
    }

    private static async Task<OneOf.Results<Created<ProductView>, Invalid, NotFound, Refused>> Create(
        RequestBody body, Caller caller, NewUlid ulid, IGrainFactory grains)
    {
        if (!ProductBody.TryRead(body, out var fields, out var invalid))
        {
            return invalid;
        }

        var id = new ProductId(ProductId.Prefix + ulid.Value);
        var result = await grains.GetGrain<IProductGrain>(id.Value).Create(new CreateProduct(caller.Merchant, fields));
        return result switch
        {
            { Status: ProductStatus.Done, Product: { } product } => new Created<ProductView>(product)
            {
                Location = $"/api/merchant/products/{product.Id}",
                ETag = Headers.ETag(product.Version),
            },
            { Status: ProductStatus.Invalid } => new Invalid(result.Problems),
            { Status: ProductStatus.PreconditionFailed } => new Refused(HttpError.PreconditionFailed),
            _ => new NotFound(),
        };
    }

    private static async Task<OneOf.Results<Ok<Page<ProductView>>, Invalid>> List(
        HttpRequest request, Caller caller, IGrainFactory grains)
    {
        if (!request.Query.TryReadPage(out var page, out var invalid))
        {
            return invalid;
        }

        if (!TryReadDeleted(request.Query, out var includeDeleted))
        {
            return new Invalid("deleted", FieldProblemCode.WrongType, "Write true or false.");
        }

        return new Ok<Page<ProductView>>(await grains.GetGrain<IProductQueries>("0").OfMerchant(caller.Merchant, includeDeleted, page));
    }

    private static async Task<OneOf.Results<Ok<ProductView>, NotFound>> Read(string id, Caller caller, IGrainFactory grains)
    {
        return ProductId.TryParse(id, out var product)
            && await grains.GetGrain<IProductGrain>(product.Value).View() is { } view && view.Merchant == caller.Merchant
            ? new Ok<ProductView>(view) { ETag = Headers.ETag(view.Version) }
            : new NotFound();
    }

    private static async Task<OneOf.Results<Ok<ProductView>, Invalid, NotFound, Refused>> Update(
        string id, HttpRequest request, RequestBody body, Caller caller, CommandId command, IGrainFactory grains)
    {
        if (!ProductId.TryParse(id, out var product))
        {
            return new NotFound();
        }

        if (!ProductBody.TryRead(body, out var fields, out var invalid))
        {
            return invalid;
        }

        var grain = grains.GetGrain<IProductGrain>(product.Value);
        var result = await grain.Update(new UpdateProduct(
            caller.Merchant, fields, await VersionToMatch(request, grain), command.Value));
        return result switch
        {
            { Status: ProductStatus.Done, Product: { } view } => new Ok<ProductView>(view) { ETag = Headers.ETag(view.Version) },
            { Status: ProductStatus.Invalid } => new Invalid(result.Problems),
            { Status: ProductStatus.PreconditionFailed } => new Refused(HttpError.PreconditionFailed),
            _ => new NotFound(),
        };
    }

    private static async Task<OneOf.Results<NoContent, Invalid, NotFound, Refused>> Delete(
        string id, HttpRequest request, RequestBody body, Caller caller, IGrainFactory grains)
    {
        if (new Fields(body).AreWrong(out var invalid))
        {
            return invalid;
        }

        if (!ProductId.TryParse(id, out var product))
        {
            return new NotFound();
        }

        var grain = grains.GetGrain<IProductGrain>(product.Value);
        var result = await grain.Delete(new DeleteProduct(caller.Merchant, await VersionToMatch(request, grain)));
        return result.Status switch
        {
            ProductStatus.Done => new NoContent(),
            ProductStatus.PreconditionFailed => new Refused(HttpError.PreconditionFailed),
            _ => new NotFound(),
        };
    }

    /// <summary>
    /// The one version that the grain is to compare when it decides; null: any. Of a list it is the version in force, if that is
    /// among them.
    /// </summary>
    private static async Task<long?> VersionToMatch(HttpRequest request, IProductGrain grain)
    {
        const long none = -1;
        return request.ReadIfMatch() is not { } tags ? null : Headers.Versions(tags) switch
        {
            [] => none,
            [var version] => version,
            var versions => await grain.View() is { } view && versions.Contains(view.Version) ? view.Version : none,
        };
    }

    private static bool TryReadDeleted(IQueryCollection query, out bool includeDeleted)
    {
        includeDeleted = query["deleted"] == "true";
        return includeDeleted || !query.ContainsKey("deleted") || query["deleted"] == "false";
    }
}
