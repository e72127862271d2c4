using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Catalog;
using OpenBitum.Chains;
using OpenBitum.Checkout;
using OpenBitum.Customers;
using OpenBitum.Orders;
using OpenBitum.Outbox;

namespace OpenBitum.Silo;

/// <summary>Every feature of the grains, composed once; both engines and all tests use it.</summary>
public static class Features
{
    public static IServiceCollection AddFeatures(this IServiceCollection services, IConfiguration configuration)
    {
        return services.AddOutbox()
            .AddCatalog()
            .AddChains(configuration)
            .AddCustomers()
            .AddCheckout(configuration)
            .AddOrders(configuration);
    }
}
