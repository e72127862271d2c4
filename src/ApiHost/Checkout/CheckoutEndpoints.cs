using System.Collections.Immutable;
using System.Globalization;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Http;
using OpenBitum.Idempotency;
using OpenBitum.OpenApi;
using OpenBitum.Orders;
using OpenBitum.Settings;

namespace OpenBitum.Checkout;

internal sealed record CheckoutStarted(OrderId OrderId, string CheckoutUrl);

internal static class CheckoutEndpoints
{
    public static void MapCheckout(this IEndpointRouteBuilder api) =>
        api.MapPost("/checkout/initiate", Initiate).TakesBody().LimitedBy(AddressLimit.Checkout).Describe(CheckoutDescriptions.Initiate);

    private static async Task<OneOf.Results<Created<CheckoutStarted>, Invalid, NotFound, Refused, Unavailable>> Initiate(
        HttpContext http, RequestBody body, Caller caller, NewUlid ulid, OpenOrderLimit limit, Instance instance, IGrainFactory grains)
    {
        var fields = new Fields(body);
        var productId = fields.RequiredText("productId");
        var email = fields.RequiredText("email");
        var quantity = fields.Int("quantity") ?? 1;
        var paymentMethod = fields.Text("paymentMethod");
        var returnUrl = fields.Text("returnUrl");
        var metadata = fields.TextPairs("metadata") ?? ImmutableSortedDictionary<string, string>.Empty;
        if (fields.AreWrong(out var invalid))
        {
            return invalid;
        }

        if (!ProductId.TryParse(productId, out var product))
        {
            return new NotFound();
        }

        var id = new OrderId(OrderId.Prefix + ulid.Value);
        var others = await limit.Find(http, caller, product);
        if (others is not null && await others.Admit(id) is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return new Refused(HttpError.TooManyOpenOrders);
        }

        var result = await grains.GetGrain<IOrderGrain>(id.Value)
            .Open(new OpenOrder(product, email, quantity, paymentMethod, returnUrl, metadata));
        if (others is not null && result.Status is not OpenOrderStatus.Opened)
        {
            await others.Withdraw(id);
        }

        return result.Status switch
        {
            OpenOrderStatus.Opened => new Created<CheckoutStarted>(new CheckoutStarted(id, $"{instance.PublicBaseUrl}/checkout/{id}"))
            {
                Location = $"/api/orders/{id}",
            },
            OpenOrderStatus.ProductNotFound => new NotFound(),
            OpenOrderStatus.Invalid => new Invalid(result.Problems),
            OpenOrderStatus.OutOfStock => new Refused(HttpError.OutOfStock),
            OpenOrderStatus.NoPaymentMethod => new Refused(HttpError.NoPaymentMethod),
            OpenOrderStatus.RateUnavailable => new Unavailable(HttpError.RateUnavailable),
            OpenOrderStatus.ChainUnavailable => new Unavailable(HttpError.ChainUnavailable),
            _ => throw new InvalidOperationException($"A checkout ended as {result.Status}."),
        };
    }
}
