using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Outbox;
using OpenBitum.Settings;

namespace OpenBitum.Orders;

public static class OrdersSetup
{
    public static IServiceCollection AddOrders(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<OrdersOptions>(configuration, "Orders");
        return services
            .AddSingleton<OrderAddresses>()
            .AddSingleton(new PublishingKind(
                OrderGrain.Kind, (grains, key) => grains.GetGrain<IOrderGrain>(key), "orders", "order_transactions", "entitlements", "totals"));
    }
}
