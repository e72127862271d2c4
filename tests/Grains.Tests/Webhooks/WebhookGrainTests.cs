using System.Text;
using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;
using OpenBitum.Time;

namespace OpenBitum.Webhooks;

public sealed class WebhookGrainTests
{
    private static readonly MerchantId Tenant = new("tenant");

    [Fact]
    public async Task A_secret_is_shown_at_creation_only_and_again_when_creation_is_repeated()
    {
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(200));
        await using var fixture = await WebhookFixture.Start();
        var operators = await fixture.Subscribe(sink);
        var tenants = await fixture.Subscribe(Tenant, sink, EventType.OrderPaid);
        var again = await fixture.Webhook(tenants.Id).Create(new CreateWebhook(Tenant, tenants.Url, tenants.Events, null));

        Assert.Equal(WebhookSecret.Show(Encoding.UTF8.GetBytes(WebhookFixture.Secret)), operators.Secret);
        Assert.NotEqual(operators.Secret, tenants.Secret);
        Assert.Equal(tenants.Secret, again.Webhook!.Secret);
        Assert.Null((await fixture.Webhook(tenants.Id).View(Tenant))!.Secret);
        Assert.Null((await fixture.Queries.OfMerchant(Tenant, new PageRequest(20, null))).Data.Single().Secret);
        Assert.Null(await fixture.Webhook(tenants.Id).View(WebhookFixture.Merchant));
    }

    [Fact]
    public async Task A_ping_goes_to_its_subscription_only_under_that_subscriptions_key()
    {
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(200));
        await using var other = await HttpSink.Start(_ => new SinkAnswer(200));
        await using var fixture = await WebhookFixture.Start();
        var webhook = await fixture.Subscribe(Tenant, sink, EventType.OrderPaid);
        await fixture.Subscribe(Tenant, other);

        var id = await fixture.Webhook(webhook.Id).Test(Tenant);

        var request = await sink.Next();
        Assert.Equal(Verification.Valid, WebhookVerification.Check(request.Headers, request.Body.Span, webhook.Secret!));
        var body = JsonDocument.Parse(request.Body).RootElement;
        Assert.Equal("webhook.test", body.GetProperty("type").GetString());
        Assert.Equal(request.Headers["webhook-id"], body.GetProperty("id").GetString());
        Assert.Equal(webhook.Id.Value, body.GetProperty("data").GetProperty("webhookId").GetString());
        Assert.Equal(id, Assert.Single(await fixture.LogOnce(webhook.Id, DeliveryStatus.Succeeded)).Id);
        Assert.True(other.IsEmpty);
        Assert.Null(await fixture.Webhook(webhook.Id).Test(WebhookFixture.Merchant));
    }

    [Fact]
    public async Task A_redelivery_is_a_new_delivery_of_the_same_event()
    {
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(200));
        await using var fixture = await WebhookFixture.Start();
        var webhook = await fixture.Subscribe(sink);
        await fixture.Publish(fixture.Event("ord_1", 1));
        var first = await sink.Next();
        var delivery = Assert.Single(await fixture.LogOnce(webhook.Id, DeliveryStatus.Succeeded));
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        var again = await fixture.Queries.Redeliver(WebhookFixture.Merchant, delivery.Id);

        Assert.Equal(first.Body.ToArray(), (await sink.Next()).Body.ToArray());
        var log = await Eventually.Reads(
            () => fixture.Log(webhook.Id), log => log.Length == 2 && log.All(one => one.Status is DeliveryStatus.Succeeded));
        Assert.Equal([again!.Value, delivery.Id], log.Select(one => one.Id));
        Assert.Equal(log[0].EventId, log[1].EventId);
        Assert.Null(await fixture.Queries.Redeliver(Tenant, delivery.Id));
        Assert.Null(await fixture.Queries.Redeliver(WebhookFixture.Merchant, DeliveryId.New(fixture.Clock.Now())));
    }

    [Fact]
    public async Task Whoever_missed_events_pulls_them_in_order_of_their_positions()
    {
        await using var fixture = await WebhookFixture.Start();
        var events = Enumerable.Range(1, 5).Select(number => fixture.Event("ord_1", number)).ToArray();
        await fixture.Publish(events[..2]);
        await fixture.Publish(events[2..]);
        await fixture.Publish(events[2..]);

        var first = await fixture.Queries.Events(WebhookFixture.Merchant, 0, 3);
        var rest = await fixture.Queries.Events(WebhookFixture.Merchant, first.Position, 100);
        var nothing = await fixture.Queries.Events(WebhookFixture.Merchant, rest.Position, 100);

        Assert.Equal(events.Select(one => one.Body), first.Bodies.Concat(rest.Bodies));
        Assert.Equal(3, first.Bodies.Length);
        Assert.Empty(nothing.Bodies);
        Assert.Equal(rest.Position, nothing.Position);
        Assert.Empty((await fixture.Queries.Events(Tenant, 0, 100)).Bodies);
    }

    [Fact]
    public async Task A_deleted_subscription_ends_its_queue_and_leaves_every_list()
    {
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(500));
        await using var fixture = await WebhookFixture.Start();
        var webhook = await fixture.Subscribe(sink);
        await fixture.Publish(fixture.Event("ord_1", 1), fixture.Event("ord_1", 2));
        await Eventually.Reads(
            () => fixture.Log(webhook.Id), log => log.Any(one => one.NextAttemptAt is not null && one.Attempts.Length == 1));

        Assert.Equal(WebhookStatus.NotFound, (await fixture.Webhook(webhook.Id).Delete(Tenant)).Status);
        Assert.Equal(WebhookStatus.Done, (await fixture.Webhook(webhook.Id).Delete(WebhookFixture.Merchant)).Status);

        Assert.Null(await fixture.Webhook(webhook.Id).View(WebhookFixture.Merchant));
        Assert.Empty((await fixture.Queries.OfMerchant(WebhookFixture.Merchant, new PageRequest(20, null))).Data);
        await fixture.LogOnce(webhook.Id, DeliveryStatus.Disabled, attempts: 0);
        await fixture.Publish(fixture.Event("ord_2", 1));
        Assert.Equal(2, (await fixture.Log(webhook.Id)).Length);
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_newest_first_while_rows_are_added()
    {
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(200));
        await using var fixture = await WebhookFixture.Start();
        var ids = new List<WebhookId>();
        for (var count = 0; count < 3; count++)
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            ids.Insert(0, (await fixture.Subscribe(sink)).Id);
        }

        var first = await fixture.Queries.OfMerchant(WebhookFixture.Merchant, new PageRequest(2, null));
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        await fixture.Subscribe(sink);
        Assert.True(Cursor.TryParse(first.NextCursor!, out var cursor));
        var second = await fixture.Queries.OfMerchant(WebhookFixture.Merchant, new PageRequest(2, cursor));

        Assert.Equal(ids, first.Data.Concat(second.Data).Select(webhook => webhook.Id));
        Assert.Null(second.NextCursor);
    }
}
