using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Money;
using OpenBitum.Orders;
using OpenBitum.Webhooks;

namespace OpenBitum.OpenApi;

/// <summary>The names, times and sums of the document's examples: one sale, told throughout.</summary>
internal static class Sample
{
    public const string Ulid = "01KG9B2Q3R4S5T6V7W8X9Y0Z1A";
    public const string Email = "buyer@example.com";
    public const string Address = "sb1qw508d6qejxtdg4y5r3zarvary0c5xw7kq3m2xr";
    public const string TxId = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";

    public static readonly DateTimeOffset At = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static readonly ProductId Product = new(ProductId.Prefix + Ulid);
    public static readonly OrderId Order = new(OrderId.Prefix + Ulid);
    public static readonly CustomerId Customer = new(CustomerId.Prefix + Ulid);
    public static readonly EntitlementId Entitlement = new(EntitlementId.Prefix + Ulid);
    public static readonly SubscriptionKeyId Key = new(SubscriptionKeyId.Prefix + Ulid);
    public static readonly WebhookId Webhook = new(WebhookId.Prefix + Ulid);
    public static readonly DeliveryId Delivery = new(DeliveryId.Prefix + Ulid);
    public static readonly Outbox.EventId Event = new(Outbox.EventId.Prefix + Ulid);

    public static readonly Amount Price = new(Asset.Currency("USD")!, 19_90);
}
