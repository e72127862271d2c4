using Microsoft.Extensions.Logging;
using OpenBitum.Access;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Time;
using EventId = OpenBitum.Outbox.EventId;

namespace OpenBitum.Webhooks;

/// <summary>One subscription, and the place where its <see cref="DeliveryPump"/> lives.</summary>
public sealed partial class WebhookGrain : Grain, IWebhookGrain, IRemindable
{
    public const string Kind = "webhook";

    private const string PumpReminder = "pump";

    // A wake-up may be lost with the process that sent it; this is how long its deliveries wait at most.
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly WebhookId id;
    private readonly Outbox<WebhookState> outbox;
    private readonly DeliveryPump pump;
    private readonly DeliveryTools tools;
    private readonly WebhookKeys keys;
    private readonly EndpointPolicy policy;
    private readonly ILogger<WebhookGrain> logger;
    private IGrainTimer? timer;
    private (WebhookState State, Endpoint Endpoint)? known;

    public WebhookGrain(
        [PersistentState("webhook", "grains")] IPersistentState<Record<WebhookState>> record,
        Publisher publisher,
        DeliveryTools tools,
        WebhookKeys keys,
        EndpointPolicy policy,
        ILogger<WebhookGrain> logger)
    {
        this.tools = tools;
        this.keys = keys;
        this.policy = policy;
        this.logger = logger;
        id = new WebhookId(this.GetPrimaryKeyString());
        outbox = new Outbox<WebhookState>(
            Kind, id.Value, record, publisher, (state, version) => new WebhookRow(state, version), DeactivateOnIdle, logger);
        pump = new DeliveryPump(id.Value, tools, () => outbox.State!.Merchant.Value, CurrentEndpoint, DisableByCall, WakeIn);
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        timer = this.RegisterGrainTimer(
            Wake, new GrainTimerCreationOptions { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        return Wake();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => pump.Stop(cancellationToken);

    public async Task<WebhookResult> Create(CreateWebhook command)
    {
        var decision = Webhook.Decide(outbox.State, id, command, policy, keys.NewKeyFor(command.Merchant), tools.Clock.Now());
        if (decision.State is { } next)
        {
            // Before the record: a reminder of nothing ends itself, a subscription without one could miss a wake-up for ever.
            await this.RegisterOrUpdateReminder(PumpReminder, ReminderPeriod, ReminderPeriod);
            await outbox.Commit(next);
        }

        return Result(decision, outbox.State is { } state ? WebhookSecret.Show(keys.KeyOf(state).Span) : null);
    }

    public async Task<WebhookResult> Update(UpdateWebhook command)
    {
        var decision = Webhook.Decide(outbox.State, command, policy);
        await Commit(decision);
        return Result(decision, secret: null);
    }

    public async Task<WebhookResult> Delete(MerchantId merchant)
    {
        var decision = Webhook.Delete(outbox.State, merchant);
        await Commit(decision);
        return Result(decision, secret: null);
    }

    public Task<WebhookView?> View(MerchantId merchant) =>
        Task.FromResult(Webhook.IsOf(outbox.State, merchant) ? Webhook.View(outbox.State!) : null);

    public async Task<DeliveryId?> Test(MerchantId merchant)
    {
        if (!Webhook.IsOf(outbox.State, merchant))
        {
            return null;
        }

        var ping = Ping.Of(outbox.State!, EventId.New(tools.Clock.Now()), tools.Clock.Now());
        var delivery = await tools.Database.Write(session => DeliveryRows.InsertPing(session, id.Value, ping));
        pump.Wake();
        return delivery;
    }

    public async Task Disable()
    {
        var decision = Webhook.Disable(outbox.State);
        if (decision.State is not null)
        {
            await Commit(decision);
            LogGone(id.Value);
        }
    }

    public Task Publish() => outbox.Publish();

    public Task Wake()
    {
        if (outbox.State is not null)
        {
            pump.Wake();
        }

        return Task.CompletedTask;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // A deleted subscription is reminded until its queue has been ended.
        if (outbox.State is null or { Deleted: true } && pump.IsIdle)
        {
            if (await this.GetReminder(reminderName) is { } reminder)
            {
                await this.UnregisterReminder(reminder);
            }

            return;
        }

        await Wake();
    }

    private async Task Commit(WebhookDecision decision)
    {
        if (decision.State is { } next)
        {
            await outbox.Commit(next);
            pump.Wake();
        }
    }

    private WebhookResult Result(WebhookDecision decision, string? secret) =>
        new(decision.Status,
            decision.Status is WebhookStatus.Done && outbox.State is { } state ? Webhook.View(state, secret) : null,
            decision.Problems);

    private Endpoint? CurrentEndpoint()
    {
        if (outbox.State is not { Active: true } state)
        {
            return null;
        }

        if (!ReferenceEquals(known?.State, state))
        {
            known = (state, new Endpoint(new Uri(state.Url), keys.KeyOf(state)));
        }

        return known!.Value.Endpoint;
    }

    // The pump runs beside the grain's calls, so it asks for a turn of its own to write the record.
    private Task DisableByCall() => GrainFactory.GetGrain<IWebhookGrain>(id.Value).Disable();

    private void WakeIn(TimeSpan delay) => timer?.Change(delay, Timeout.InfiniteTimeSpan);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} answered that it is gone and is disabled")]
    private partial void LogGone(string webhook);
}
