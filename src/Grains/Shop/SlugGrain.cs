using Microsoft.Extensions.Logging;
using OpenBitum.Access;
using OpenBitum.Outbox;
using OpenBitum.Time;

namespace OpenBitum.Shop;

public sealed class SlugGrain : Grain, ISlugGrain
{
    private readonly Outbox<SlugState> outbox;
    private readonly TimeProvider clock;

    public SlugGrain(
        [PersistentState("slug", "grains")] IPersistentState<Record<SlugState>> record,
        Publisher publisher,
        TimeProvider clock,
        ILogger<SlugGrain> logger)
    {
        this.clock = clock;
        outbox = new Outbox<SlugState>(
            "slug", this.GetPrimaryKeyString(), record, publisher, (_, _) => null, DeactivateOnIdle, logger);
    }

    public Task<bool> Claim(MerchantId merchant) => Keep(SlugClaim.Decide(outbox.State, merchant, clock.Now()));

    public Task<bool> Confirm(MerchantId merchant) => Keep(SlugClaim.Confirm(outbox.State, merchant));

    public Task Release(MerchantId merchant) =>
        outbox.State?.Owner == merchant ? outbox.Forget() : Task.CompletedTask;

    public Task<MerchantId?> Owner()
    {
        if (outbox.State is null)
        {
            // Somebody guesses slugs: what stands for nothing need not stay in memory.
            DeactivateOnIdle();
        }

        return Task.FromResult(outbox.State is { Confirmed: true } slug ? slug.Owner : (MerchantId?)null);
    }

    private async Task<bool> Keep(SlugDecision decision)
    {
        if (decision.State is { } next)
        {
            await outbox.Save(next);
        }

        return decision.IsOwn;
    }
}
