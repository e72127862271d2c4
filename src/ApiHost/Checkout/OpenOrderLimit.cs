using System.Globalization;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Orders;
using OpenBitum.Webhooks;

namespace OpenBitum.Checkout;

/// <summary>
/// Bounds the unpaid orders that one client has open at a merchant, and knows who is not bounded: the merchant itself, which opens
/// orders for its buyers from one address, and whoever comes from no address of the public internet. Such a caller is the developer, the
/// house's own network, or a proxy that is not configured as one; behind that everybody would count as one and nobody could buy.
/// </summary>
internal sealed class OpenOrderLimit(OrdersOptions options, AccessOptions access, IGrainFactory grains)
{
    /// <summary>What counts this caller's orders; null when nothing does.</summary>
    public async Task<IOpenOrdersGrain?> Find(HttpContext context, Caller caller, ProductId product)
    {
        if (options.OpenPerAddress == 0 || context.Connection.RemoteIpAddress is not { } address || !PublicAddress.Is(address))
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
