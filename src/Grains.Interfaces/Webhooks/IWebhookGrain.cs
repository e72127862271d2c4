using System.Collections.Immutable;
using Orleans.Concurrency;
using OpenBitum.Access;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;

namespace OpenBitum.Webhooks;

/// <summary>One subscription and the pump of its deliveries; key: its <see cref="WebhookId"/>.</summary>
[Alias("openbitum.webhooks.webhook")]
public interface IWebhookGrain : IGrainWithStringKey, IPublishes
{
    [Alias("Create")]
    Task<WebhookResult> Create(CreateWebhook command);

    [Alias("Update")]
    Task<WebhookResult> Update(UpdateWebhook command);

    [Alias("Delete")]
    Task<WebhookResult> Delete(MerchantId merchant);

    /// <summary>Null when there is none or it belongs to another merchant.</summary>
    [ReadOnly, Alias("View")]
    Task<WebhookView?> View(MerchantId merchant);

    /// <summary>Queues a `webhook.test` ping; null when there is no such subscription.</summary>
    [Alias("Test")]
    Task<DeliveryId?> Test(MerchantId merchant);

    /// <summary>The endpoint has answered that it is gone (410): it gets nothing more until its merchant says otherwise.</summary>
    [Alias("Disable")]
    Task Disable();

    /// <summary>There are new deliveries: the pump looks now instead of at its next reminder.</summary>
    [OneWay, AlwaysInterleave, Alias("Wake")]
    Task Wake();
}

/// <summary>Lists around webhooks; a stateless worker under any key.</summary>
[Alias("openbitum.webhooks.queries")]
public interface IWebhookQueries : IGrainWithStringKey
{
    [Alias("OfMerchant")]
    Task<Page<WebhookView>> OfMerchant(MerchantId merchant, PageRequest page);

    [Alias("Deliveries")]
    Task<Page<DeliveryView>> Deliveries(WebhookId webhook, PageRequest page);

    /// <summary>Queues a new delivery of the same event; null when the merchant has no such delivery.</summary>
    [Alias("Redeliver")]
    Task<DeliveryId?> Redeliver(MerchantId merchant, DeliveryId delivery);

    /// <summary>Wakes every subscription whose queue holds something; called at every start. Answers how many.</summary>
    [Alias("WakeWaiting")]
    Task<int> WakeWaiting();

    /// <summary>The merchant's events after a position, oldest first; each as its frozen JSON, with the last position.</summary>
    [Alias("Events")]
    Task<EventsPage> Events(MerchantId merchant, long after, int limit);
}

/// <param name="Bodies">Frozen JSON bodies, oldest first.</param>
/// <param name="Position">Of the last one, or what was asked after when there is none.</param>
[GenerateSerializer, Immutable, Alias("openbitum.webhooks.events-page")]
public sealed record EventsPage([property: Id(0)] ImmutableArray<string> Bodies, [property: Id(1)] long Position);
