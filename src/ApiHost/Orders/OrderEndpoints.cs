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
        api.MapPost("/orders/{id}/payment-method", SelectMethod).TakesBody().Describe(OrderDescriptions.SelectMethod);
    }

    private static async Task<OneOf.Results<OkBytes<BuyerOrderView>, NotFound>> Read(string id, IGrainFactory grains, TimeProvider clock)
    {
        return OrderId.TryParse(id, out var order) && await grains.GetGrain<IOrderGrain>(order.Value).BuyerView() is { } view
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
            { Status: SelectMethodStatus.Selected, Order: { } view } => View(view, clock),
            { Status: SelectMethodStatus.Invalid } => new Invalid(result.Problems),
            { Status: SelectMethodStatus.OrderClosed } => new Refused(HttpError.OrderClosed),
            { Status: SelectMethodStatus.NoPaymentMethod } => new Refused(HttpError.NoPaymentMethod),
            { Status: SelectMethodStatus.RateUnavailable } => new Unavailable(HttpError.RateUnavailable),
            { Status: SelectMethodStatus.ChainUnavailable } => new Unavailable(HttpError.ChainUnavailable),
            _ => new NotFound(),
        };
    }

    /// <summary>The view with `serverTime` at its end: it changes with every answer, so the tag is the order's version alone.</summary>
    private static OkBytes<BuyerOrderView> View(BuyerOrderView view, TimeProvider clock)
    {
        var order = JsonSerializer.SerializeToUtf8Bytes(view, WireJson.Options);
        Span<byte> tail = stackalloc byte[64];
        System.Text.Unicode.Utf8.TryWrite(tail, $",\"serverTime\":\"{clock.Now().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"}}", out var length);
        var body = new byte[order.Length - 1 + length];
        order.AsSpan(..^1).CopyTo(body);
        tail[..length].CopyTo(body.AsSpan(order.Length - 1));
        return new OkBytes<BuyerOrderView>(body) { ETag = Headers.ETag(view.Version), CacheControl = "private, no-cache" };
    }
}
