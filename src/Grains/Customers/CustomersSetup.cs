using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Outbox;

namespace OpenBitum.Customers;

public static class CustomersSetup
{
    public static IServiceCollection AddCustomers(this IServiceCollection services) =>
        services.AddSingleton(new PublishingKind(CustomerGrain.Kind, (grains, key) => grains.GetGrain<ICustomerGrain>(key), "customers"));
}
