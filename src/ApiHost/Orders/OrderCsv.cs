using System.Buffers;
using System.Globalization;
using System.Text.Json;
using OpenBitum.Http;

namespace OpenBitum.Orders;

/// <summary>An order as a row. Several values in one cell stand between semicolons.</summary>
internal static class OrderCsv
{
    public static void WriteHeader(IBufferWriter<byte> writer) => Csv.WriteRow(
        writer, "orderId", "createdAt", "status", "productId", "productName", "quantity", "total", "currency", "email", "methods",
        "received", "txIds", "paidAt", "expiresAt", "flags");

    public static void Write(IBufferWriter<byte> writer, MerchantOrderView order) => Csv.WriteRow(
        writer,
        order.OrderId.Value,
        Time(order.CreatedAt),
        JsonNamingPolicy.CamelCase.ConvertName(order.Status.ToString()),
        order.ProductId.Value,
        order.ProductName,
        order.Quantity.ToString(CultureInfo.InvariantCulture),
        order.Total.ToDecimal(),
        order.Total.Asset.Code,
        order.Email,
        List(order.PaymentMethods.Where(method => method.Address is not null).Select(method => method.Method)),
        List(order.PaymentMethods.Where(method => method.Paid != "0").Select(method => $"{method.Paid} {method.Asset}")),
        List(order.Payments.Where(IsThere).Select(payment => payment.TransactionId).Distinct()),
        order.PaidAt is { } paidAt ? Time(paidAt) : "",
        Time(order.ExpiresAt),
        List(Flags(order)));

    private static IEnumerable<string> Flags(MerchantOrderView order)
    {
        if (order.PartiallyPaid)
        {
            yield return "partiallyPaid";
        }

        if (order.OverpaidAmount is not null)
        {
            yield return "overpaid";
        }

        if (order.PaidLate)
        {
            yield return "paidLate";
        }

        if (order.Reversed)
        {
            yield return "reversed";
        }

        if (order.NeedsReview)
        {
            yield return "needsReview";
        }

        if (order.Test)
        {
            yield return "test";
        }
    }

    private static bool IsThere(PaymentView payment) => payment.State is PaymentState.Seen or PaymentState.Confirmed;

    private static string List(IEnumerable<string> values) => string.Join(';', values);

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
