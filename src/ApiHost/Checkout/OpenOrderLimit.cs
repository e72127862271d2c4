using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Orders;

namespace OpenBitum.Checkout;

/// <summary>
/// Bounds the unpaid orders that one client has open at a merchant, and knows who is not bounded: the merchant itself, which opens
/// orders for its buyers from one address, and whoever comes from a private network. Such a caller is the developer, the house's own
/// network, or a proxy that is not configured as one; behind that everybody would count as one and nobody could buy.
/// </summary>
internal sealed class OpenOrderLimit(OrdersOptions options, AccessOptions access, IGrainFactory grains)
{
    /// <summary>
    /// Whose addresses nobody on the internet has. It names the few that are free, and not the many that are bounded: whoever owns an
    /// IPv6 network chooses the rest of the address, and may make it look like one of the special forms, such as a tunnel's.
    /// </summary>
    private static readonly ImmutableArray<IPNetwork> PrivateNetworks =
    [
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),     // RFC 1918, and the next two
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("100.64.0.0/10"),  // shared address space (RFC 6598), where clouds put their balancers
        IPNetwork.Parse("169.254.0.0/16"), // link-local
        IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("fc00::/7"),       // unique local (RFC 4193)
        IPNetwork.Parse("fe80::/10"),      // link-local
    ];

    /// <summary>What counts this caller's orders; null when nothing does.</summary>
    public async Task<IOpenOrdersGrain?> Find(HttpContext context, Caller caller, ProductId product)
    {
        if (options.OpenPerAddress == 0 || context.Connection.RemoteIpAddress is not { } address
            || PrivateNetworks.Any(network => network.Contains(address)))
        {
            return null;
        }

        if (await grains.GetGrain<IProductGrain>(product.Value).Offer() is not { } offer
            || (caller.Has(access.AdminRole) && caller.Merchant == offer.Merchant))
        {
            return null;
        }

        var client = AddressWindows.ClientOf(address).ToString("x32", CultureInfo.InvariantCulture);
        return grains.GetGrain<IOpenOrdersGrain>(IOpenOrdersGrain.KeyOf(offer.Merchant, client));
    }
}
