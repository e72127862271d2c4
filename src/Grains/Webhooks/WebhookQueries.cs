using OpenBitum.Access;
using OpenBitum.ReadModel;
using OpenBitum.Time;
using Orleans.Concurrency;

namespace OpenBitum.Webhooks;

[StatelessWorker]
public sealed class WebhookQueries(IDatabase database, TimeProvider clock) : Grain, IWebhookQueries
{
    public Task<Page<WebhookView>> OfMerchant(MerchantId merchant, PageRequest page) =>
        database.Read(session => WebhookRows.OfMerchant(session, merchant, page));

    public Task<Page<DeliveryView>> Deliveries(WebhookId webhook, PageRequest page) =>
        database.Read(session => DeliveryRows.Log(session, webhook, page));

    public async Task<DeliveryId?> Redeliver(MerchantId merchant, DeliveryId delivery)
    {
        var now = clock.Now();
        var again = DeliveryId.New(now);
        var webhook = await database.Write(session => DeliveryRows.InsertAgain(session, merchant, delivery, again, now));
        if (webhook is not { } subscription)
        {
            return null;
        }

        await GrainFactory.GetGrain<IWebhookGrain>(subscription.Value).Wake();
        return again;
    }

    public async Task<int> WakeWaiting()
    {
        var waiting = await database.Read(WebhookRows.Waiting);
        foreach (var webhook in waiting)
        {
            await GrainFactory.GetGrain<IWebhookGrain>(webhook).Wake();
        }

        return waiting.Count;
    }

    public Task<EventsPage> Events(MerchantId merchant, long after, int limit) =>
        database.Read(session => EventRows.After(session, merchant, after, limit));
}
