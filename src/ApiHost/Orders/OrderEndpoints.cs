using System.Text.Json;
using OpenBitum.Http;
using OpenBitum.Json;
using OpenBitum.OpenApi;
using OpenBitum.Time;

namespace OpenBitum.Orders;

/// <summary>What a buyer sees and does; whoever knows the order's id is its buyer.</summary>
internal static class OrderEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder api)
    {
        api.MapMethods("/orders/{id}", Routes.Reading, Read).Takes().Describe(OrderDescriptions.Read);
        api.MapMethods("/orders/{id}/events", Routes.Reading, Follow).Takes().Describe(OrderDescriptions.Follow);
        api.MapPost("/orders/{id}/payment-method", SelectMethod).TakesBody().Describe(OrderDescriptions.SelectMethod);
    }

    private static async Task<OneOf.Results<OkBytes<BuyerOrderView>, NotFound>> Read(string id, IGrainFactory grains, TimeProvider clock)
    {
        return OrderId.TryParse(id, out var order) && await grains.GetGrain<IOrderGrain>(order.Value).BuyerJson() is { } view
            ? View(view, clock)
            : new NotFound();
    }

    private static async Task<OneOf.Results<OkBytes<BuyerOrderView>, Invalid, NotFound, Refused, Unavailable>> SelectMethod(
        string id, RequestBody body, IGrainFactory grains, TimeProvider clock)
    {
        if (!OrderId.TryParse(id, out var order))
        {
            return new NotFound();
        }

        var fields = new Fields(body);
        var method = fields.RequiredText("method");
        if (fields.AreWrong(out var invalid))
        {
            return invalid;
        }

        var result = await grains.GetGrain<IOrderGrain>(order.Value).SelectMethod(new SelectMethod(method));
        return result switch
        {
            { Status: SelectMethodStatus.Selected, Order: { } view } => View(Json(view), clock),
            { Status: SelectMethodStatus.Invalid } => new Invalid(result.Problems),
            { Status: SelectMethodStatus.OrderClosed } => new Refused(HttpError.OrderClosed),
            { Status: SelectMethodStatus.NoPaymentMethod } => new Refused(HttpError.NoPaymentMethod),
            { Status: SelectMethodStatus.RateUnavailable } => new Unavailable(HttpError.RateUnavailable),
            { Status: SelectMethodStatus.ChainUnavailable } => new Unavailable(HttpError.ChainUnavailable),
            _ => new NotFound(),
        };
    }

    private static async Task<OneOf.Results<OrderStream, NotFound, Unavailable>> Follow(
        string id, HttpContext http, IGrainFactory grains, OrderStreams streams)
    {
        if (!OrderId.TryParse(id, out var order) || await grains.GetGrain<IOrderGrain>(order.Value).BuyerView() is not { } view)
        {
            return new NotFound();
        }

        return streams.TryOpen(grains.GetGrain<IOrderGrain>(order.Value), view, http.Connection.RemoteIpAddress, out var stream)
            ? stream
            : new Unavailable(HttpError.Unavailable);
    }

    private static BuyerOrderJson Json(BuyerOrderView view) => new(view.Version, JsonSerializer.Serialize(view, WireJson.Options));

    private static OkBytes<BuyerOrderView> View(BuyerOrderJson view, TimeProvider clock) =>
        new(BuyerJson.WithTime(view.Text, clock.Now())) { ETag = Headers.ETag(view.Version), CacheControl = "private, no-cache" };
}
