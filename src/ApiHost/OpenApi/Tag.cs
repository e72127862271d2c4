using System.Collections.Immutable;

namespace OpenBitum.OpenApi;

/// <summary>A chapter of the document.</summary>
internal sealed record Tag(string Name, string About)
{
    public static readonly Tag Catalog = new("Catalog", "What can be bought, as anybody sees it.");
    public static readonly Tag Checkout = new("Checkout", "From a product to a paid order, as its buyer sees it.");
    public static readonly Tag Buyer = new("Buyer", "What a signed-in buyer owns.");
    public static readonly Tag Shop = new("Shop", "How a merchant's shop looks, and the defaults of the whole site.");
    public static readonly Tag Products = new("Products", "A merchant's own products.");
    public static readonly Tag Orders = new("Orders", "A merchant's orders.");
    public static readonly Tag Customers = new("Customers", "Who bought, and what was sold.");
    public static readonly Tag Wallets = new("Wallets", "The public keys that a merchant is paid to.");
    public static readonly Tag Webhooks = new("Webhooks", "Where events are told, what became of it, and the events themselves.");
    public static readonly Tag Keys = new("Keys", "Subscription keys for a merchant's developers.");
    public static readonly Tag Access = new("Access", "Signing in and out with a browser.");
    public static readonly Tag Sandbox = new(
        "Sandbox", "A chain inside the service, moved by hand: payments without money. Only where SANDBOX is enabled.");
    public static readonly Tag Service = new("Service", "Health, and this document.");
    public static readonly Tag Pages = new("Pages", "What a browser shows.");

    public static ImmutableArray<Tag> All { get; } =
    [
        Catalog, Checkout, Buyer, Shop, Products, Orders, Customers, Wallets, Webhooks, Keys, Access, Sandbox, Service, Pages,
    ];
}
