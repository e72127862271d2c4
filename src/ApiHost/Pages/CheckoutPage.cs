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
    /// <summary>How often the page is loaded again where no script runs.</summary>
    private const int RefreshSeconds = 5;

    /// <summary>
    /// Loads the page again in the background when its order changes, and takes over what differs: what stays keeps focus and selection.
    /// Every host has a bound of streams, and a browser one of connections, so only a tab that is looked at holds one; where none is to
    /// be had, the page is asked for every few seconds. A network that goes without a word is noticed by the slow round.
    /// </summary>
    private const string Script =
        """
        (()=>{const main=document.querySelector('main'),lost=document.getElementById('lost');
        const events='/api/orders/'+location.pathname.split('/').pop()+'/events';
        let stream=null,asking=false,again=false,over=false;
        const take=fresh=>{const said=main.querySelector('[role=status]'),says=fresh.querySelector('[role=status]').textContent;
        if(said.textContent!==says)said.textContent=says;
        const held=document.activeElement;let old=main.firstElementChild;
        const drop=()=>{const gone=old;old=old.nextElementSibling;gone.remove()};
        for(const now of [...fresh.children]){let same=old;while(same&&!same.isEqualNode(now))same=same.nextElementSibling;
        if(!same){main.insertBefore(now,old);continue}
        while(old!==same)drop();old=old.nextElementSibling}
        while(old)drop();
        if(held&&!held.isConnected)[...main.querySelectorAll('a,button')].find(heir=>heir.textContent===held.textContent)?.focus()};
        const stop=()=>{if(stream)stream.close();stream=null};
        const show=async()=>{if(asking){again=true;return}asking=true;
        try{do{again=false;
        const answer=await fetch(location.href,{headers:{Accept:'text/html'},signal:AbortSignal.timeout?.(20000)});
        if(!answer.ok)throw answer.status;
        const page=new DOMParser().parseFromString(await answer.text(),'text/html');
        lost.hidden=true;take(page.querySelector('main'));over=!page.querySelector('script')}while(again&&!over)
        }catch{lost.hidden=false}
        asking=false;if(over)stop()};
        let later;const follow=()=>{if(over||document.hidden||stream)return;
        const own=stream=new EventSource(events);
        own.addEventListener('order',event=>{if(event.lastEventId!==main.querySelector('dl').dataset.version)show()});
        own.onopen=()=>{if(!lost.hidden)show()};
        own.onerror=()=>{if(own!==stream)return;show();
        if(own.readyState===EventSource.CLOSED){stop();clearTimeout(later);later=setTimeout(follow,5000)}}};
        const look=()=>{if(!over&&!document.hidden){show();follow()}};
        document.addEventListener('visibilitychange',()=>document.hidden?stop():look());
        addEventListener('pageshow',event=>{if(event.persisted){stop();look()}});
        addEventListener('online',look);setInterval(look,30000);follow()})();
        """;

    /// <summary>In the query: the method that the buyer picked just now cannot be used.</summary>
    private const string RefusedMethod = "refused";

    public static void MapCheckoutPage(this IEndpointRouteBuilder routes)
    {
        // Counted with what the public API is asked: each call wakes an order, and guessing ids is no cheaper here.
        routes.MapMethods("/checkout/{id}", Routes.Reading, Show)
            .Allow(AccessLevel.Open).LimitedBy(AddressLimit.Public).Describe(PageDescriptions.Checkout);
        routes.MapPost("/checkout/{id}", Choose)
            .Allow(AccessLevel.Open).LimitedBy(AddressLimit.Public).Describe(PageDescriptions.Choose).DisableAntiforgery();
    }

    private static async Task<IResult> Show(string id, HttpRequest request, IGrainFactory grains)
    {
        if (!OrderId.TryParse(id, out var order) || await grains.GetGrain<IOrderGrain>(order.Value).BuyerView() is not { } view)
        {
            return NotFound();
        }

        // The buyer's view names no merchant; the page shows what the merchant's shop says of itself to everybody.
        var seller = await grains.GetGrain<IOrderGrain>(order.Value).MerchantView();
        var shop = await grains.GetGrain<IShopGrain>(IShopGrain.KeyOf(seller!.Merchant)).View();
        return Of(view, shop, isRefused: request.Query.ContainsKey(RefusedMethod));
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

        var selected = await grains.GetGrain<IOrderGrain>(order.Value).SelectMethod(new SelectMethod(method));

        // Of an order that is closed or unknown the page itself says so.
        var isShown = selected.Status is SelectMethodStatus.Selected or SelectMethodStatus.OrderClosed or SelectMethodStatus.NotFound;
        return new SeeOther($"/checkout/{order.Value}{(isShown ? "" : $"?{RefusedMethod}=1")}");
    }

    /// <summary>What a browser sends of this page's form; a multipart one, or another charset, is none of it.</summary>
    private static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static Page NotFound() =>
        new(StatusCodes.Status404NotFound, "Not found", Html.Of(
            $"<h1>Not found</h1><p>There is no such order. Look whether the link is whole, or order again at the shop.</p>"));

    private static Page Of(BuyerOrderView order, ShopView? shop, bool isRefused)
    {
        var isOpen = order.Status is OrderStatus.Pending or OrderStatus.Processing;
        return new Page(StatusCodes.Status200OK, order.ProductName, Html.Of(
            $"""
            {(shop is null ? Html.Empty : Html.Of($"<p dir=\"auto\">{shop.Name}</p>"))}
            <span class="status" role="status">{StatusText(order)}</span>
            <h1 dir="auto">{order.ProductName}</h1>
            <p>{order.Quantity} × {Money(order.Price)}</p>
            {Payment(order, isRefused)}
            <dl data-version="{order.Version.ToString(CultureInfo.InvariantCulture)}">
            <dt>Total</dt><dd>{Money(order.Total)}</dd>
            {Html.Join(order.PaymentMethods.Where(method => method.Paid != "0").Select(Received))}
            {Confirmations(order)}
            {(order.Status is OrderStatus.Pending ? Row("Pay before", Time(order.ExpiresAt)) : Html.Empty)}
            {(order.PaidAt is { } paidAt ? Row("Paid", Time(paidAt)) : Html.Empty)}
            {Row("Order", order.OrderId.Value)}
            </dl>
            {Return(order)}
            {(isOpen ? Lost : Html.Empty)}
            """), isOpen ? RefreshSeconds : null, isOpen ? Script : null, shop?.Theme.PrimaryColor);
    }

    private static Html Lost => Html.Of(
        $"<p id=\"lost\" role=\"alert\" hidden>The shop cannot be reached at present, so this may be old. It is tried again.</p>");

    private static Html Payment(BuyerOrderView order, bool isRefused)
    {
        if (order.Status is OrderStatus.Expired)
        {
            return HasSent(order)
                ? Html.Of($"<p>The time to pay has passed. What you have sent was seen; ask the shop about it, and send nothing any more.</p>")
                : Html.Of($"<p>The time to pay has passed. Send nothing any more; order again at the shop.</p>");
        }

        if (order.Reversed)
        {
            return Html.Of($"<p>The network no longer knows the payment, though it was confirmed. Ask the shop what to do.</p>");
        }

        return order.Status switch
        {
            OrderStatus.Pending => Ways(order, isRefused),
            OrderStatus.Processing => Html.Of($"<p>There is nothing more to do: this page says when the network has confirmed the payment.</p>"),
            OrderStatus.Paid when order.OverpaidAmount is { } excess =>
                Html.Of($"<p>You have sent {Money(excess)} more than was due. Ask the shop about it.</p>"),
            _ => Html.Empty,
        };
    }

    private static Html Ways(BuyerOrderView order, bool isRefused)
    {
        var shown = order.PaymentMethods.Where(method => method.Address is not null).ToArray();
        // Whoever has sent something goes on with it; until then another way may be picked.
        var others = HasSent(order) ? [] : order.PaymentMethods.Except(shown);
        return Html.Join(
        [
            isRefused ? Html.Of($"<p>This way to pay cannot be used at present. Pick another, or try again in a few minutes.</p>") : Html.Empty,
            .. shown.Select((method, place) => Address(method, isFirst: place == 0)),
            .. others.Select(method => Choice(order, method, isFirst: shown.Length == 0)),
        ]);
    }

    private static bool HasSent(BuyerOrderView order) => order.Payments.Any(IsLive);

    private static bool IsLive(PaymentView payment) => payment.State is PaymentState.Seen or PaymentState.Confirmed;

    /// <summary>Each address is one way to pay the whole, not a part of it.</summary>
    private static Html Address(PaymentMethodView method, bool isFirst) => Html.Of(
        $"""
        <p>{(isFirst ? "Send" : "Or send")} exactly <strong>{method.Remaining} {method.Asset}</strong> to</p>
        <div class="address">{method.Address}</div>
        <a class="pay" href="{method.PaymentUri}">Open in a wallet</a>
        """);

    private static Html Choice(BuyerOrderView order, PaymentMethodView method, bool isFirst) => Html.Of(
        $"""
        <form method="post" action="/checkout/{order.OrderId.Value}"><button name="method" value="{method.Method}">Pay {method.Due} {method.Asset}{(isFirst ? "" : " instead")}</button></form>
        """);

    private static Html Received(PaymentMethodView method) => Row("Received", $"{method.Paid} {method.Asset}");

    /// <summary>Of the payment that lacks most.</summary>
    private static Html Confirmations(BuyerOrderView order)
    {
        if (order.Status is not OrderStatus.Processing)
        {
            return Html.Empty;
        }

        var required = order.PaymentMethods.ToDictionary(method => method.Method, method => method.ConfirmationsRequired);
        var slowest = order.Payments.Where(IsLive).MaxBy(payment => required[payment.Method] - payment.Confirmations);
        return slowest is null ? Html.Empty : Html.Of(
            $"<dt>Confirmations</dt><dd>{slowest.Confirmations} of {required[slowest.Method]}</dd>");
    }

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
        OrderStatus.Paid => order.Reversed ? "Payment lost" : "Paid",
        OrderStatus.Expired => "Expired",
        OrderStatus.Refunded => "Refunded",
        _ => "",
    };

    private static string Money(Money.Amount amount) => $"{amount.ToDecimal()} {amount.Asset.Code}";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
