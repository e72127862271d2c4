using System.Collections.Immutable;
using Microsoft.Net.Http.Headers;
using OpenBitum.Access;
using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.Problems;
using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Orders;

/// <summary>What a merchant sees of orders.</summary>
internal static class MerchantOrderEndpoints
{
    public static void MapMerchantOrders(this IEndpointRouteBuilder merchant)
    {
        merchant.MapMethods("/orders", Routes.Reading, List)
            .Takes([.. OrderFilterQuery.Names, Paging.Limit, Paging.Cursor])
            .OpenToKeys(KeyScope.OrdersRead)
            .Describe(OrderDescriptions.List);
        merchant.MapMethods("/orders/{id}", Routes.Reading, Read)
            .Takes().OpenToKeys(KeyScope.OrdersRead).Describe(OrderDescriptions.ReadMerchant);
    }

    private static async Task<OneOf.Results<Ok<Page<MerchantOrderView>>, OrderExport, Invalid>> List(
        HttpRequest request, Caller caller, IGrainFactory grains, TimeProvider clock)
    {
        request.HttpContext.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (!request.Query.TryReadFilter(out var filter, out var invalid))
        {
            return invalid;
        }

        var orders = grains.GetGrain<IOrderQueries>("0");
        if (request.Prefers(OrderExport.MediaType))
        {
            return RefusePaging(request.Query) is { } refused ? refused : new OrderExport(orders, caller.Merchant, filter, clock.Now());
        }

        if (!request.Query.TryReadPage(out var page, out invalid))
        {
            return invalid;
        }

        return page.After is null || OrderCursor.TryRead(page.After, caller.Merchant, filter, out _)
            ? new Ok<Page<MerchantOrderView>>(await orders.OfMerchant(caller.Merchant, filter, page))
            : new Invalid(Paging.Cursor, FieldProblemCode.BadFormat, "This cursor belongs to a list of another filter or sort.");
    }

    private static async Task<OneOf.Results<Ok<MerchantOrderView>, NotFound>> Read(
        string id, Caller caller, IGrainFactory grains, TimeProvider clock)
    {
        if (!OrderId.TryParse(id, out var order)
            || await grains.GetGrain<IOrderGrain>(order.Value).MerchantView() is not { } view || view.Merchant != caller.Merchant)
        {
            return new NotFound();
        }

        // Deliveries go on while the order rests, so its version does not tell whether this is new.
        var history = await grains.GetGrain<IOrderQueries>("0").History(order);
        var detail = view with { Events = history.Events, Deliveries = history.Deliveries };
        return Ok<MerchantOrderView>.TaggedByContent(detail with { ServerTime = clock.Now() }, content: detail);
    }

    /// <summary>A file that ends where a page would is taken for the whole.</summary>
    private static Invalid? RefusePaging(IQueryCollection query)
    {
        var problems = new[] { Paging.Limit, Paging.Cursor }
            .Where(query.ContainsKey)
            .Select(name => new FieldProblem(name, FieldProblemCode.UnknownField, "An export is the whole list; leave this out."))
            .ToImmutableArray();
        return problems.IsEmpty ? null : new Invalid(problems);
    }
}
