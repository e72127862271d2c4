using System.Globalization;
using Microsoft.Net.Http.Headers;
using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.Orders;
using OpenBitum.Shop;

namespace OpenBitum.Pages;

/// <summary>What a buyer sees of an order in a browser; works without a script.</summary>
internal static class CheckoutPage
{
    private const int RefreshSeconds = 5;

    public static void MapCheckoutPage(this IEndpointRouteBuilder routes)
    {
        // Counted with what the public API is asked: each call wakes an order, and guessing ids is no cheaper here.
        routes.MapMethods("/checkout/{id}", Routes.Reading, Show)
            .Allow(AccessLevel.Open).LimitedBy(AddressLimit.Public).Describe(PageDescriptions.Checkout);
        routes.MapPost("/checkout/{id}", Choose)
            .Allow(AccessLevel.Open).LimitedBy(AddressLimit.Public).Describe(PageDescriptions.Choose).DisableAntiforgery();
    }

    private static async Task<IResult> Show(string id, IGrainFactory grains)
    {
        if (!OrderId.TryParse(id, out var order) || await grains.GetGrain<IOrderGrain>(order.Value).BuyerView() is not { } view)
        {
            return NotFound();
        }

        // The buyer's view names no merchant; the page shows what the merchant's shop says of itself to everybody.
        var seller = await grains.GetGrain<IOrderGrain>(order.Value).MerchantView();
        return Of(view, await grains.GetGrain<IShopGrain>(IShopGrain.KeyOf(seller!.Merchant)).View());
    }

    /// <summary>The form of the page: picks a payment method, then shows the page again whatever came of it.</summary>
    private static async Task<OneOf.Results<SeeOther, Page, Refused>> Choose(string id, HttpRequest request, IGrainFactory grains)
    {
        if (!OrderId.TryParse(id, out var order))
        {
            return NotFound();
        }

        if (!IsForm(request))
        {
            return new Refused(HttpError.UnsupportedForm);
        }

        string method;
        try
        {
            method = (await request.ReadFormAsync(request.HttpContext.RequestAborted))["method"].ToString();
        }
        catch (InvalidDataException)
        {
            // More or longer fields than any form of ours has, or a U+0000 in one.
            return new Refused(HttpError.Malformed);
        }

        await grains.GetGrain<IOrderGrain>(order.Value).SelectMethod(new SelectMethod(method));
        return new SeeOther($"/checkout/{order.Value}");
    }

    /// <summary>What a browser sends of this page's form; a multipart one, or another charset, is none of it.</summary>
    private static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static Page NotFound() =>
        new(StatusCodes.Status404NotFound, "Not found", Html.Of($"<h1>Not found</h1><p>There is no such order.</p>"));

    private static Page Of(BuyerOrderView order, ShopView? shop)
    {
        var isOpen = order.Status is OrderStatus.Pending or OrderStatus.Processing;
        return new Page(StatusCodes.Status200OK, order.ProductName, Html.Of(
            $"""
            {(shop is null ? Html.Empty : Html.Of($"<p>{shop.Name}</p>"))}
            <span class="status">{StatusText(order)}</span>
            <h1>{order.ProductName}</h1>
            <p>{order.Quantity} × {Money(order.Price)}</p>
            {Payment(order)}
            <dl>
            <dt>Total</dt><dd>{Money(order.Total)}</dd>
            {(isOpen ? Row("Pay before", Time(order.ExpiresAt)) : Html.Empty)}
            {(order.PaidAt is { } paidAt ? Row("Paid", Time(paidAt)) : Html.Empty)}
            {Row("Order", order.OrderId.Value)}
            </dl>
            {Return(order)}
            """), isOpen ? RefreshSeconds : null, colour: shop?.Theme.PrimaryColor);
    }

    private static Html Payment(BuyerOrderView order)
    {
        if (order.Status is OrderStatus.Expired)
        {
            return Html.Of($"<p>The time to pay has passed. Send nothing any more; order again at the shop.</p>");
        }

        if (order.Status is not (OrderStatus.Pending or OrderStatus.Processing))
        {
            return Html.Empty;
        }

        var shown = order.PaymentMethods.Where(method => method.Address is not null).ToArray();
        return shown.Length > 0
            ? Html.Join(shown.Select(Address))
            : Html.Join(order.PaymentMethods.Select(method => Choice(order, method)));
    }

    private static Html Address(PaymentMethodView method) => method.Remaining == "0" ? Html.Empty : Html.Of(
        $"""
        <p>Send exactly <strong>{method.Remaining} {method.Asset}</strong> to</p>
        <div class="address">{method.Address}</div>
        <a class="pay" href="{method.PaymentUri}">Open in a wallet</a>
        """);

    private static Html Choice(BuyerOrderView order, PaymentMethodView method) => Html.Of(
        $"""
        <form method="post" action="/checkout/{order.OrderId.Value}"><button name="method" value="{method.Method}">Pay {method.Due} {method.Asset}</button></form>
        """);

    /// <summary>The host as resolvers know it: whoever began the checkout chose it, and letters of other scripts look like ours.</summary>
    private static Html Return(BuyerOrderView order) =>
        Uri.TryCreate(order.ReturnUrl, UriKind.Absolute, out var url)
            ? Html.Of($"<p><a rel=\"noreferrer\" href=\"{order.ReturnUrl}\">Back to {url.IdnHost}</a></p>")
            : Html.Empty;

    private static Html Row(string name, string value) => Html.Of($"<dt>{name}</dt><dd>{value}</dd>");

    private static string StatusText(BuyerOrderView order) => order.Status switch
    {
        OrderStatus.Pending => order.PartiallyPaid ? "Partly paid" : "Waiting for payment",
        OrderStatus.Processing => "Payment seen, waiting for confirmation",
        OrderStatus.Paid => "Paid",
        OrderStatus.Expired => "Expired",
        OrderStatus.Refunded => "Refunded",
        _ => "",
    };

    private static string Money(Money.Amount amount) => $"{amount.ToDecimal()} {amount.Asset.Code}";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
