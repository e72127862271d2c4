using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.ReadModel;

namespace OpenBitum.Orders;

/// <summary>What a merchant sees of orders.</summary>
internal static class MerchantOrderEndpoints
{
    public static void MapMerchantOrders(this IEndpointRouteBuilder merchant)
    {
        merchant.MapMethods("/orders", Routes.Reading, List).Takes(
            OrderFilterQuery.Status, OrderFilterQuery.Product, OrderFilterQuery.Customer, OrderFilterQuery.From, OrderFilterQuery.To,
            Paging.Limit, Paging.Cursor).OpenToKeys(KeyScope.OrdersRead).Describe(OrderDescriptions.List);
        merchant.MapMethods("/orders/{id}", Routes.Reading, Read).Takes().OpenToKeys(KeyScope.OrdersRead).Describe(OrderDescriptions.ReadMerchant);
    }

    private static async Task<OneOf.Results<Ok<Page<MerchantOrderView>>, Invalid>> List(
        HttpRequest request, Caller caller, IGrainFactory grains)
    {
        if (!request.Query.TryReadPage(out var page, out var invalid) || !request.Query.TryReadFilter(out var filter, out invalid))
        {
            return invalid;
        }

        return new Ok<Page<MerchantOrderView>>(await grains.GetGrain<IOrderQueries>("0").OfMerchant(caller.Merchant, filter, page));
    }

    private static async Task<OneOf.Results<Ok<MerchantOrderView>, NotFound>> Read(
        string id, Caller caller, IGrainFactory grains)
    {
        return OrderId.TryParse(id, out var order)
            && await grains.GetGrain<IOrderGrain>(order.Value).MerchantView() is { } view && view.Merchant == caller.Merchant
            ? new Ok<MerchantOrderView>(view) { ETag = Headers.ETag(view.Version), CacheControl = "private, no-cache" }
            : new NotFound();
    }
}
