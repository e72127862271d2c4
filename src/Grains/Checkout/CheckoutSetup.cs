using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Settings;

namespace OpenBitum.Checkout;

public static class CheckoutSetup
{
    public static IServiceCollection AddCheckout(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RatesOptions>(configuration, "Rates");
        return services.AddSingleton<FixedRates>().AddSingleton<Offers>();
    }
}
