using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenBitum.Catalog;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Http;
using OpenBitum.Json;
using OpenBitum.OpenApi;
using OpenBitum.Webhooks;

namespace OpenBitum.Orders;

/// <summary>What the document says of orders.</summary>
internal static class OrderDescriptions
{
    public static readonly PaymentView Payment = new(
        $"{Sample.TxId}:0", "SANDBOX", "19.9", PaymentState.Confirmed, 1, Sample.At, 12, Late: false);

    public static readonly EntitlementView Entitlement = new(
        Sample.Entitlement, Sample.Product, Sample.Order, "record", "course-101", 1, EntitlementStatus.Active, Sample.At);

    public static readonly MerchantOrderView Paid = new()
    {
        OrderId = Sample.Order,
        Status = OrderStatus.Paid,
        ProductId = Sample.Product,
        ProductName = "Course 101",
        Quantity = 1,
        Price = Sample.Price,
        Total = Sample.Price,
        CreatedAt = Sample.At,
        ExpiresAt = Sample.At.AddMinutes(15),
        PaidAt = Sample.At,
        CheckoutUrl = $"https://pay.example/checkout/{Sample.Order}",
        Test = true,
        PaymentMethods =
        [
            new PaymentMethodView("SANDBOX", "SANDBOX", "SANDBOX", "19.9", "19.9", "0", Sample.Address, null, 1, "1", "fixed"),
        ],
        Payments = [Payment],
        PartiallyPaid = false,
        OverpaidAmount = null,
        PaidLate = false,
        Reversed = false,
        NeedsReview = false,
        Email = Sample.Email,
        CustomerId = Sample.Customer,
        Metadata = ImmutableSortedDictionary<string, string>.Empty,
        Entitlements = [Entitlement],
    };

    private static readonly Parameter Id = new("id", Schema.Id<OrderId>(), "The order; whoever knows it is its buyer.");

    public static Operation Read() => new("getOrder", Tag.Checkout, "Shows an order to its buyer")
    {
        About = "Cheap enough to be asked every two seconds with If-None-Match. `serverTime` is no part of the version.",
        Parameters = [Id],
        Sends = AnswerHeader.ETag,
        Example = BuyersExample(),
    };

    public static Operation Follow() => new("followOrder", Tag.Checkout, "Tells an order's buyer of each change")
    {
        About = "Server-sent events: the order at once and whenever it changes, at most once a second, with its version as `id`; a comment "
            + "every 15 seconds. A client that sends the present version as `Last-Event-ID` gets the next change first. The stream ends "
            + "after ten minutes and when the host stops; an EventSource comes back by itself. 503: too many are open; poll instead.",
        Parameters = [Id],
        Also =
        [
            new OtherAnswer(
                StatusCodes.Status200OK, OrderStream.MediaType, "The stream.",
                Example: $"retry: 2000\n\nid: 3\nevent: order\ndata: {BuyersExample().ToJsonString(WireJson.Options)}\n\n")
            {
                Sends = AnswerHeader.AccelBuffering,
            },
        ],
    };

    public static Operation SelectMethod() => new("selectPaymentMethod", Tag.Checkout, "Picks how to pay")
    {
        About = "The address is given out here, unless one was already. The same again changes nothing; earlier addresses stay watched.",
        Parameters = [Id],
        Body = Schema.Object(Field.Required("method", Schema.Text(40, 1), "One of the order's `paymentMethods`.")),
        BodyExample = """{ "method": "SANDBOX" }""",
        Example = BuyersExample(),
        Refusals = [HttpError.OrderClosed, HttpError.NoPaymentMethod, HttpError.RateUnavailable, HttpError.ChainUnavailable],
        Sends = AnswerHeader.ETag,
    };

    public static Operation List() => new("listMerchantOrders", Tag.Orders, "Lists the merchant's orders")
    {
        About = "With `Accept: text/csv` the whole list is a file of RFC 4180, streamed; `limit` and `cursor` do not go with it. In its cells "
            + "several values stand between semicolons, and a formula has an apostrophe in front. A file whose connection breaks off is incomplete.",
        Parameters =
        [
            new(OrderFilterQuery.Status, Schema.OneOf(OrderStatus.Draft), "Where they stand."),
            new(OrderFilterQuery.Product, Schema.Id<ProductId>(), "What was bought."),
            new(OrderFilterQuery.Customer, Schema.Id<CustomerId>(), "Who bought."),
            new(OrderFilterQuery.From, Schema.Time, "Created at this moment or later."),
            new(OrderFilterQuery.To, Schema.Time, "Created before this moment."),
            new(OrderFilterQuery.Search, Schema.Text(OrderFilterQuery.LongestSearch, 1),
                "Exactly this id (of an order, product or customer), e-mail (in any case), address or transaction."),
            new(OrderFilterQuery.Sort, Schema.OneOf("createdAt", "-createdAt", "-paidAt").Usually("-createdAt"),
                "`-paidAt` leaves out what was never paid."),
        ],
        Example = Paid,
        Also =
        [
            new OtherAnswer(StatusCodes.Status200OK, OrderExport.MediaType, "The list as a file.", Example: CsvExample())
            {
                Sends = AnswerHeader.ContentDisposition,
            },
        ],
    };

    public static Operation ReadMerchant() => new("getMerchantOrder", Tag.Orders, "Shows one of the merchant's orders")
    {
        About = "With its last 100 events, the last 50 deliveries of those and of each answer the first 1,024 characters. The ETag is a hash "
            + "of it all but `serverTime`: deliveries go on while the order rests.",
        Parameters = [new("id", Schema.Id<OrderId>(), "The order.")],
        Sends = AnswerHeader.ETag,
        Example = Paid with
        {
            ServerTime = Sample.At,
            Events = [new OrderEventView(Sample.Event, Outbox.EventType.OrderPaid, 3, Sample.At)],
            Deliveries =
            [
                new DeliveryView(
                    Sample.Delivery, Sample.Event, Outbox.EventType.OrderPaid, DeliveryStatus.Succeeded,
                    [new DeliveryAttemptView(Sample.At, 200, 12, "ok", null)], null, null),
            ],
        },
    };

    private static string CsvExample()
    {
        var text = new ArrayBufferWriter<byte>();
        OrderCsv.WriteHeader(text);
        OrderCsv.Write(text, Paid);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static JsonNode BuyersExample()
    {
        var view = JsonSerializer.SerializeToNode(
            new BuyerOrderView
            {
                OrderId = Paid.OrderId,
                Status = Paid.Status,
                ProductId = Paid.ProductId,
                ProductName = Paid.ProductName,
                Quantity = Paid.Quantity,
                Price = Paid.Price,
                Total = Paid.Total,
                CreatedAt = Paid.CreatedAt,
                ExpiresAt = Paid.ExpiresAt,
                PaidAt = Paid.PaidAt,
                CheckoutUrl = Paid.CheckoutUrl,
                Test = Paid.Test,
                PaymentMethods = [Paid.PaymentMethods[0] with { Rate = null, RateSource = null }],
                Payments = Paid.Payments,
                PartiallyPaid = Paid.PartiallyPaid,
                OverpaidAmount = Paid.OverpaidAmount,
                PaidLate = Paid.PaidLate,
                Reversed = Paid.Reversed,
                NeedsReview = Paid.NeedsReview,
            },
            WireJson.Options)!;
        view["serverTime"] = JsonSerializer.SerializeToNode(Sample.At, WireJson.Options);
        return view;
    }
}
