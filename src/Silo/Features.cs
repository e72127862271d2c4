using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Chains;
using OpenBitum.Checkout;
using OpenBitum.Customers;
using OpenBitum.Idempotency;
using OpenBitum.Orders;
using OpenBitum.Outbox;
using OpenBitum.Settings;
using OpenBitum.Shop;
using OpenBitum.Webhooks;

namespace OpenBitum.Silo;

/// <summary>Every feature of the grains, composed once; both engines and all tests use it.</summary>
public static class Features
{
    public static IServiceCollection AddFeatures(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddInstance(configuration);
        return services.AddOutbox()
            .AddAccess()
            .AddSubscriptionKeys(configuration)
            .AddIdempotency()
            .AddCatalog()
            .AddShop()
            .AddChains(configuration)
            .AddCustomers()
            .AddCheckout(configuration)
            .AddOrders(configuration)
            .AddWebhooks(configuration);
    }
}
