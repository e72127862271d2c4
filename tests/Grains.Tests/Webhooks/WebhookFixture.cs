using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Access;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;
using OpenBitum.Time;

namespace OpenBitum.Webhooks;

/// <summary>A silo whose merchant has webhooks, on a clock that a test moves.</summary>
public sealed class WebhookFixture : IAsyncDisposable
{
    public const string Secret = "openbitum_test_secret_0123456789";

    public static readonly MerchantId Merchant = new("default");

    private readonly FeatureHost host;

    private WebhookFixture(FeatureHost host, ManualClock clock)
    {
        this.host = host;
        Clock = clock;
    }

    public ManualClock Clock { get; }

    public TestHost Silo => host.Silo;

    public IDatabase Database => host.Database;

    public IWebhookQueries Queries => host.Grains.GetGrain<IWebhookQueries>("0");

    public static Task<WebhookFixture> Start(params (string Key, string Value)[] settings) => StartAt(null, settings);

    /// <param name="time">Where the clock stands; null: at a time like any other.</param>
    /// <param name="settings">Configuration keys and values.</param>
    public static Task<WebhookFixture> StartAt(DateTimeOffset? time, params (string Key, string Value)[] settings) =>
        StartOver(() => PatientNetwork.Through(new EndpointGuard(new EndpointPolicy(IsLocal: true, PrivateHosts: default))), time, settings);

    /// <summary>With a network that the test makes up.</summary>
    /// <param name="network">Makes one for each start of the silo.</param>
    /// <param name="time">Where the clock stands; null: at a time like any other.</param>
    /// <param name="settings">Configuration keys and values.</param>
    public static async Task<WebhookFixture> StartOver(
        Func<HttpMessageHandler> network, DateTimeOffset? time = null, params (string Key, string Value)[] settings)
    {
        var clock = new ManualClock(time);
        var host = await FeatureHost.Start(
            clock, silo => silo.Services.AddSingleton(_ => new EndpointClient(network(), clock)),
            [(OperatorSecret.SettingKey, Secret), .. settings]);
        return new WebhookFixture(host, clock);
    }

    public IWebhookGrain Webhook(WebhookId id) => host.Grains.GetGrain<IWebhookGrain>(id.Value);

    public Task<WebhookView> Subscribe(HttpSink sink, params string[] events) => Subscribe(Merchant, sink, events);

    public Task<WebhookView> Subscribe(MerchantId merchant, HttpSink sink, params string[] events) =>
        Subscribe(merchant, new Uri(sink.Url, "/hook?a=1"), events);

    public async Task<WebhookView> Subscribe(MerchantId merchant, Uri url, params string[] events)
    {
        var id = WebhookId.New(Clock.Now());
        var result = await Webhook(id).Create(new CreateWebhook(merchant, url.ToString(), [.. events.DefaultIfEmpty("*")], null));
        Assert.Equal(WebhookStatus.Done, result.Status);
        return result.Webhook!;
    }

    /// <summary>Publishes as a grain does; events of one call in one transaction.</summary>
    public Task Publish(params OutgoingEvent[] events) =>
        Silo.Services.GetRequiredService<Publisher>().Publish(new Publication("test", "1", null, [.. events]));

    public OutgoingEvent Event(string subject, long sequence, string type = EventType.OrderPaid)
    {
        var id = EventId.New(Clock.Now());
        var body = string.Create(CultureInfo.InvariantCulture,
            $$$"""{"id":"{{{id}}}","type":"{{{type}}}","data":{"orderId":"{{{subject}}}","sequence":{{{sequence}}},"note":"café ☕ 🚀"}}""");
        return new OutgoingEvent(id, Merchant, type, subject, sequence, Clock.Now(), false, body);
    }

    public async Task<ImmutableArray<DeliveryView>> Log(WebhookId webhook) =>
        (await Queries.Deliveries(webhook, new PageRequest(100, null))).Data;

    /// <summary>The log once every delivery has the status.</summary>
    public Task<ImmutableArray<DeliveryView>> LogOnce(WebhookId webhook, DeliveryStatus status, int attempts = 1) =>
        Eventually.Reads(() => Log(webhook), log => log.Length > 0 && log.All(one => one.Status == status && one.Attempts.Length >= attempts));

    /// <summary>
    /// Ends when a timer waits for an attempt that is due within this time. The log shows the attempt a moment before: time that moves
    /// in between is not seen by the timer, which counts from when it is set.
    /// </summary>
    public Task WaitsFor(TimeSpan delay) =>
        Eventually.Reads(() => Task.FromResult(Clock.NextDue - Clock.GetUtcNow()), left => left <= delay);

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
