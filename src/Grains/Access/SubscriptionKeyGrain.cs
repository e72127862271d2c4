using Microsoft.Extensions.Logging;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Time;
using Orleans.Concurrency;

namespace OpenBitum.Access;

/// <summary>One key: its record, and the window of its calls, which lives in memory and begins anew with a restart.</summary>
public sealed class SubscriptionKeyGrain : Grain, ISubscriptionKeyGrain
{
    public const string Kind = "subscription-key";

    private static readonly KeyAdmission Unknown = new(KeyAdmissionStatus.Unknown, default, [], null);

    private readonly Outbox<SubscriptionKeyState> outbox;
    private readonly RateLimitsOptions limits;
    private readonly TimeProvider clock;
    private readonly SubscriptionKeyId id;
    private RateWindow window;

    public SubscriptionKeyGrain(
        [PersistentState("subscription-key", "grains")] IPersistentState<Record<SubscriptionKeyState>> record,
        Publisher publisher,
        RateLimitsOptions limits,
        TimeProvider clock,
        ILogger<SubscriptionKeyGrain> logger)
    {
        this.limits = limits;
        this.clock = clock;
        id = new SubscriptionKeyId(this.GetPrimaryKeyString());
        outbox = new Outbox<SubscriptionKeyState>(
            Kind, id.Value, record, publisher, (state, version) => new SubscriptionKeyRow(state, version), DeactivateOnIdle, logger);
    }

    public Task<SubscriptionKeyResult> Create(CreateSubscriptionKey command) =>
        Commit(SubscriptionKey.Decide(outbox.State, id, command, clock.Now()));

    public Task<SubscriptionKeyResult> Revoke(MerchantId merchant) => Commit(SubscriptionKey.Revoke(outbox.State, merchant));

    public Task<KeyAdmission> Admit(string hash)
    {
        if (!SubscriptionKey.Opens(outbox.State, hash))
        {
            if (outbox.State is null)
            {
                // Somebody is guessing: what stands for nothing need not stay in memory.
                DeactivateOnIdle();
            }

            return Task.FromResult(Unknown);
        }

        return Task.FromResult(Count(outbox.State!));
    }

    public Task Publish() => outbox.Publish();

    private KeyAdmission Count(SubscriptionKeyState key)
    {
        if (limits.KeyPerMinute == 0)
        {
            return new KeyAdmission(KeyAdmissionStatus.Admitted, key.Merchant, key.Scopes, null);
        }

        (window, var standing) = window.Take(limits.KeyPerMinute, clock.Now());
        return standing.Exceeded
            ? new KeyAdmission(KeyAdmissionStatus.Limited, default, [], standing)
            : new KeyAdmission(KeyAdmissionStatus.Admitted, key.Merchant, key.Scopes, standing);
    }

    private async Task<SubscriptionKeyResult> Commit(SubscriptionKeyDecision decision)
    {
        if (decision.State is { } next)
        {
            await outbox.Commit(next);
        }

        return new SubscriptionKeyResult(
            decision.Status,
            decision.Status is SubscriptionKeyStatus.Done && outbox.State is { } state ? SubscriptionKey.View(state) : null,
            decision.Problems);
    }
}

[StatelessWorker]
public sealed class SubscriptionKeyQueries(IDatabase database) : Grain, ISubscriptionKeyQueries
{
    public Task<Page<SubscriptionKeyView>> OfMerchant(MerchantId merchant, PageRequest page) =>
        database.Read(session => SubscriptionKeyRows.OfMerchant(session, merchant, page));
}
