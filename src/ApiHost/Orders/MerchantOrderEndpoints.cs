using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.Problems;
using OpenBitum.ReadModel;

namespace OpenBitum.Orders;

/// <summary>What a merchant sees of orders.</summary>
internal static class MerchantOrderEndpoints
{
    public static void MapMerchantOrders(this IEndpointRouteBuilder merchant)
    {
        merchant.MapRead("/orders", List).Takes("status", Paging.Limit, Paging.Cursor);
        merchant.MapRead("/orders/{id}", Read).Takes();
    }

    private static async Task<OneOf.Results<Ok<Page<MerchantOrderView>>, Invalid>> List(HttpRequest request, Caller caller, IGrainFactory grains)
    {
        if (!request.Query.TryReadPage(out var page, out var invalid))
        {
            return invalid;
        }

        if (!TryReadStatus(request.Query, out var status))
        {
            return new Invalid("status", FieldProblemCode.BadFormat, "Write pending, processing, paid, expired or refunded.");
        }

        return new Ok<Page<MerchantOrderView>>(await grains.GetGrain<IOrderQueries>("0").OfMerchant(caller.Merchant, status, page));
    }

    private static async Task<OneOf.Results<Ok<MerchantOrderView>, NotFound>> Read(string id, Caller caller, IGrainFactory grains)
    {
        return OrderId.TryParse(id, out var order)
            && await grains.GetGrain<IOrderGrain>(order.Value).MerchantView() is { } view && view.Merchant == caller.Merchant
            ? new Ok<MerchantOrderView>(view) { ETag = Headers.ETag(view.Version), CacheControl = "private, no-cache" }
            : new NotFound();
    }

    private static bool TryReadStatus(IQueryCollection query, out OrderStatus? status)
    {
        status = query["status"].ToString() switch
        {
            "pending" => OrderStatus.Pending,
            "processing" => OrderStatus.Processing,
            "paid" => OrderStatus.Paid,
            "expired" => OrderStatus.Expired,
            "refunded" => OrderStatus.Refunded,
            _ => null,
        };
        return status is not null || !query.ContainsKey("status");
    }
}
