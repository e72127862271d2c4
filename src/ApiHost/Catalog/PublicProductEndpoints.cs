using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.Json;
using OpenBitum.OpenApi;
using OpenBitum.ReadModel;
using OpenBitum.Shop;

namespace OpenBitum.Catalog;

/// <summary>What anybody may see of products.</summary>
internal static class PublicProductEndpoints
{
    public static void MapPublicProducts(this IEndpointRouteBuilder api)
    {
        api.MapMethods("/products", Routes.Reading, List).Takes(PublicMerchant.Slug, Paging.Limit, Paging.Cursor)
            .OpenToKeys(KeyScope.ProductsRead).Describe(CatalogDescriptions.ListActive);
        api.MapMethods("/products/{id}", Routes.Reading, Read).Takes().OpenToKeys(KeyScope.ProductsRead).Describe(CatalogDescriptions.ReadActive);
    }

    private static async Task<OneOf.Results<OkBytes<Page<PublicProductView>>, Invalid, NotFound>> List(
        HttpRequest request, Caller caller, PublicMerchant shown, IGrainFactory grains)
    {
        if (!request.Query.TryReadPage(out var page, out var invalid))
        {
            return invalid;
        }

        if (await shown.Find(request, caller) is not { } merchant)
        {
            return new NotFound();
        }

        var active = await grains.GetGrain<IProductQueries>("0").Active(merchant, page);
        return Cacheable(new Page<PublicProductView>([.. active.Data.Select(PublicProductView.Of)], active.NextCursor));
    }

    private static async Task<OneOf.Results<OkBytes<PublicProductView>, NotFound>> Read(string id, IGrainFactory grains)
    {
        return ProductId.TryParse(id, out var product)
            && await grains.GetGrain<IProductGrain>(product.Value).View() is { Active: true, Deleted: false } view
            ? Cacheable(PublicProductView.Of(view))
            : new NotFound();
    }

    /// <summary>Stock moves without a new version of the product, so the tag is made of the bytes.</summary>
    private static OkBytes<T> Cacheable<T>(T view)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(view, WireJson.Options);
        return new OkBytes<T>(body)
        {
            ETag = ContentTag.Of(body),
            CacheControl = "no-cache",
        };
    }
}
