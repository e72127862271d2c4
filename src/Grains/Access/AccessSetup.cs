using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Settings;

namespace OpenBitum.Access;

public static class AccessSetup
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services.AddSingleton(
        new RetentionRule("ended sessions", EndedSessionRows.DeleteBefore));

    public static IServiceCollection AddSubscriptionKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RateLimitsOptions>(configuration, "RateLimits");
        return services.AddSingleton(new PublishingKind(
            SubscriptionKeyGrain.Kind, (grains, key) => grains.GetGrain<ISubscriptionKeyGrain>(key), "subscription_keys"));
    }
}
