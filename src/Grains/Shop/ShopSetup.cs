using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Outbox;

namespace OpenBitum.Shop;

public static class ShopSetup
{
    /// <summary>A shop shows nothing in lists; it publishes so that a change of its slug is ended.</summary>
    public static IServiceCollection AddShop(this IServiceCollection services) =>
        services.AddSingleton(new PublishingKind(ShopGrain.Kind, (grains, key) => grains.GetGrain<IShopGrain>(key)));
}
