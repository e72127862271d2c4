using System.Globalization;
using OpenBitum.Access;
using OpenBitum.ReadModel;

namespace OpenBitum.Orders;

/// <summary>
/// 200 with a list of orders as a file. It is written page by page: a page is in memory, and the next is read when the client has
/// taken the last. A failure breaks the connection off, so that half a file never looks like a whole one.
/// </summary>
internal sealed class OrderExport(IOrderQueries orders, MerchantId merchant, OrderFilter filter, DateTimeOffset now) : IResult
{
    public const string MediaType = "text/csv";

    private const int RowsAtOnce = 100;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        // Before anything is sent: what fails here is answered as any failure.
        var page = await orders.OfMerchant(merchant, filter, new PageRequest(RowsAtOnce, null));
        var response = httpContext.Response;
        response.ContentType = $"{MediaType}; charset=utf-8; header=present";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = string.Create(
            CultureInfo.InvariantCulture, $"attachment; filename=\"orders-{now.UtcDateTime:yyyy-MM-dd}.csv\"");
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        OrderCsv.WriteHeader(response.BodyWriter);
        while (true)
        {
            foreach (var order in page.Data)
            {
                OrderCsv.Write(response.BodyWriter, order);
            }

            await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
            httpContext.RequestAborted.ThrowIfCancellationRequested();
            if (page.NextCursor is null)
            {
                return;
            }

            var after = Cursor.TryParse(page.NextCursor, out var cursor)
                ? cursor
                : throw new InvalidOperationException("A list gave a cursor that is none.");
            page = await orders.OfMerchant(merchant, filter, new PageRequest(RowsAtOnce, after));
        }
    }
}
