using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenBitum.Access;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Settings;

namespace OpenBitum.Webhooks;

public static class WebhooksSetup
{
    private const string Section = "Webhooks";
    private const string DefaultMerchant = "default";

    /// <summary>How long the log of an ended delivery is kept; until then it can be sent again.</summary>
    private static readonly TimeSpan DeliveriesKept = TimeSpan.FromDays(90);

    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        var options = services.AddSettings<WebhooksOptions>(configuration, Section);
        var policy = EndpointPolicy.Of(options, services.AddInstance(configuration));
        var configured = OperatorSecret.Configured(configuration, services.SettingsReader());
        var merchant = new MerchantId(configuration["Auth:DefaultMerchant"] is { Length: > 0 } name ? name : DefaultMerchant);
        return services
            .AddSingleton(policy)
            .AddSingleton(RetrySchedule.Of(options))
            .AddSingleton(provider => new WebhookKeys(
                merchant, () => configured ?? OperatorSecret.Kept(provider.GetRequiredService<ISecretStore>())))
            .AddSingleton(provider => new EndpointClient(new EndpointGuard(policy), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new DeliveryTools(
                provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<EndpointClient>(),
                provider.GetRequiredService<RetrySchedule>(), options, provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<DeliveryPump>>()))
            .AddSingleton(new RetentionRule("deliveries", (session, now) => DeliveryRows.DeleteBefore(session, now - DeliveriesKept)))
            // Behind the deliveries, so that an event goes in the same round as the last that points at it.
            .AddSingleton(new RetentionRule("events", EventRows.Sweep))
            .AddSingleton(new PublishingKind(WebhookGrain.Kind, (grains, key) => grains.GetGrain<IWebhookGrain>(key))
            {
                StandingTables = ["webhooks"],
            });
    }
}
