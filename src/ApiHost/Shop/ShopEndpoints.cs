using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.Idempotency;
using OpenBitum.Json;
using OpenBitum.OpenApi;
using OpenBitum.Site;

namespace OpenBitum.Shop;

internal sealed record ShopAnswer(ShopView Config);

internal sealed record ShopChanged(bool Ok, ShopView Config);

/// <summary>How a merchant's shop looks and what it promises.</summary>
internal static class ShopEndpoints
{
    private const string Path = "/shop/config";

    public static void MapShop(this IEndpointRouteBuilder api)
    {
        api.MapMethods(Path, Routes.Reading, Read).Takes(PublicMerchant.Slug)
            .Allow(AccessLevel.Public).OpenToKeys(KeyScope.ShopRead).Describe(ShopDescriptions.Read);
        api.MapPost(Path, Update).TakesBody().Allow(AccessLevel.Admin).Describe(ShopDescriptions.Update);
    }

    private static async Task<OneOf.Results<Ok<ShopAnswer>, NotFound>> Read(
        HttpRequest request, Caller caller, PublicMerchant shown, IGrainFactory grains)
    {
        var shop = await shown.Find(request, caller) is { } merchant
            ? await grains.GetGrain<IShopGrain>(IShopGrain.KeyOf(merchant)).View()
            : null;

        // Only who asks for nothing in particular is shown the defaults: a merchant must not take them for a shop of its own.
        if (shop is null && caller.IsAnonymous && !request.Query.ContainsKey(PublicMerchant.Slug))
        {
            shop = ShopDocument.Default(await grains.GetGrain<ISiteGrain>(ISiteGrain.Key).CreatedAt());
        }

        return shop is null
            ? new NotFound()
            : new Ok<ShopAnswer>(new ShopAnswer(shop)) { ETag = ContentTag.Of(shop), CacheControl = "no-cache" };
    }

    private static async Task<OneOf.Results<Ok<ShopChanged>, Invalid, Refused>> Update(
        HttpRequest request, RequestBody body, Caller caller, CommandId command, IGrainFactory grains)
    {
        if (!ShopBody.TryRead(body, out var fields, out var invalid))
        {
            return invalid;
        }

        var result = await grains.GetGrain<IShopGrain>(IShopGrain.KeyOf(caller.Merchant))
            .Update(new UpdateShop(caller.Merchant, fields, request.ReadIfMatch(), command.Value));
        return result switch
        {
            { Status: ShopStatus.Done, Shop: { } shop } => new Ok<ShopChanged>(new ShopChanged(true, shop)) { ETag = ContentTag.Of(shop) },
            { Status: ShopStatus.Invalid } => new Invalid(result.Problems),
            { Status: ShopStatus.PreconditionFailed } => new Refused(HttpError.PreconditionFailed),
            { Status: ShopStatus.SlugTaken } => new Refused(HttpError.SlugTaken),
            _ => throw new InvalidOperationException($"A shop's change ended as {result.Status}."),
        };
    }
}
