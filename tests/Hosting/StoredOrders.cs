using System.Collections.Immutable;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Customers;
using OpenBitum.Ids;
using OpenBitum.Money;
using OpenBitum.Orders;
using OpenBitum.ReadModel;

namespace OpenBitum.Tests.Hosting;

/// <summary>Rows of orders as their grains publish them, without the grains: thousands in a moment.</summary>
public static class StoredOrders
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly ProductId Product = new(ProductId.Prefix + Ulid.Derive("product", Start));

    private const int RowsAtOnce = 500;

    /// <summary>The order with this number: created that many seconds after <see cref="Start"/>, pending.</summary>
    public static MerchantOrderView View(MerchantId merchant, int number)
    {
        var createdAt = Start.AddSeconds(number);
        return new MerchantOrderView
        {
            OrderId = new OrderId(OrderId.Prefix + Ulid.Derive($"{merchant.Value}/{number}", createdAt)),
            Status = OrderStatus.Pending,
            ProductId = Product,
            ProductName = "Course",
            Quantity = 1,
            Price = new Amount(Asset.Currency("USD")!, 1_990),
            Total = new Amount(Asset.Currency("USD")!, 1_990),
            CreatedAt = createdAt,
            ExpiresAt = createdAt.AddMinutes(15),
            CheckoutUrl = $"http://127.0.0.1:4000/checkout/{number}",
            Test = false,
            PaymentMethods = [new PaymentMethodView("BTC", "BTC", "BTC", "0.0005", "0", "0.0005", null, null, 1, "39800", "fixed")],
            Payments = [],
            PartiallyPaid = false,
            OverpaidAmount = null,
            PaidLate = false,
            Reversed = false,
            NeedsReview = false,
            Email = $"buyer{number % 10}@example.com",
            CustomerId = new CustomerId(CustomerId.Prefix + Ulid.Derive($"{merchant.Value}/customer/{number % 10}", Start)),
            Metadata = ImmutableSortedDictionary<string, string>.Empty,
            Entitlements = [],
            Merchant = merchant,
            Version = 1,
        };
    }

    /// <summary>The next version, paid by one transaction.</summary>
    public static MerchantOrderView Paid(MerchantOrderView order, DateTimeOffset paidAt, string transaction) => order with
    {
        Status = OrderStatus.Paid,
        PaidAt = paidAt,
        PaymentMethods = [order.PaymentMethods[0] with { Paid = "0.0005", Remaining = "0", Address = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4" }],
        Payments = [new PaymentView($"{transaction}:0", "BTC", "0.0005", PaymentState.Confirmed, 1, paidAt, 100, false)],
        Version = order.Version + 1,
    };

    public static async Task Store(this IDatabase database, IEnumerable<MerchantOrderView> orders)
    {
        foreach (var some in orders.Chunk(RowsAtOnce))
        {
            await database.Write(async session =>
            {
                foreach (var order in some)
                {
                    await new OrderRow(order).Upsert(session);
                }

                return some.Length;
            });
        }
    }
}
