using OpenBitum.OpenApi;
using OpenBitum.Orders;

namespace OpenBitum.Customers;

/// <summary>What the document says of customers.</summary>
internal static class CustomerDescriptions
{
    public static readonly CustomerView Customer = new()
    {
        Id = Sample.Customer,
        Email = Sample.Email,
        Orders = 1,
        Spent = [Sample.Price],
        Xp = 19,
        EntitlementCount = 1,
        CreatedAt = Sample.At,
    };

    private static readonly Parameter Id = new("id", Schema.Id<CustomerId>(), "The customer.");

    public static Operation List() => new("listCustomers", Tag.Customers, "Lists the merchant's customers")
    {
        About = "Newest first, one per e-mail in any case. `orders` are all of theirs; `spent` and `xp` of those that are paid, less what "
            + "was refunded or is reversed. An erased customer has `erasedAt`, and a hash for an e-mail.",
        Example = Customer,
    };

    public static Operation Read() => new("getCustomer", Tag.Customers, "Shows a customer and what they own")
    {
        About = "`entitlements`: the newest 100.",
        Parameters = [Id],
        Example = new CustomerDetail(
            Customer.Id, Customer.Email, Customer.Orders, Customer.Spent, Customer.Xp, Customer.EntitlementCount,
            [OrderDescriptions.Entitlement], Customer.CreatedAt, null),
    };

    public static Operation Erase() => new("eraseCustomer", Tag.Customers, "Erases a customer's e-mail")
    {
        About = "64 hex digits take its place, the SHA-256 of the e-mail behind a salt that nobody keeps: in the customer at once, and in "
            + "all orders and entitlements right after. What was granted stays granted, but the buyer's own list no longer finds it; who "
            + "buys again is a new customer. Bodies of events already made keep what they said until their 90 days end. The same again: 204.",
        Parameters = [Id],
    };
}
