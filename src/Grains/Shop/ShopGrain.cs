using Microsoft.Extensions.Logging;
using OpenBitum.Access;
using OpenBitum.Outbox;
using OpenBitum.Time;

namespace OpenBitum.Shop;

/// <summary>
/// One merchant's shop. When its slug changes, it claims the new one, writes, confirms, and gives the old one back. It announces itself to
/// the sweeper before the write, so that killed between any two of these it is woken and goes on.
/// </summary>
public sealed partial class ShopGrain : Grain, IShopGrain
{
    public const string Kind = "shop";

    private readonly Outbox<ShopState> outbox;
    private readonly TimeProvider clock;
    private readonly ILogger<ShopGrain> logger;

    public ShopGrain(
        [PersistentState("shop", "grains")] IPersistentState<Record<ShopState>> record,
        Publisher publisher,
        TimeProvider clock,
        ILogger<ShopGrain> logger)
    {
        this.clock = clock;
        this.logger = logger;
        outbox = new Outbox<ShopState>(
            Kind, this.GetPrimaryKeyString(), record, publisher, (_, _) => null, DeactivateOnIdle, logger);
    }

    public Task<ShopView?> View() => Task.FromResult(ShopDocument.View(outbox.State));

    public Task<decimal> XpPerDollar() => Task.FromResult(ShopDocument.View(outbox.State)?.XpPerDollar ?? 0);

    public async Task<ShopResult> Update(UpdateShop command)
    {
        await Settle();
        var decision = ShopDocument.Decide(outbox.State, command, clock.Now());
        if (decision.State is not { } next)
        {
            var shown = decision.Status is ShopStatus.Done ? ShopDocument.View(outbox.State) : null;
            return new ShopResult(decision.Status, shown, decision.Problems);
        }

        if (!next.SlugMoves)
        {
            await outbox.Save(next);
        }
        else if (!await Move(next))
        {
            LogTaken(command.Merchant.Value, next.Document.Slug!.Value.Value);
            return new ShopResult(ShopStatus.SlugTaken, null, []);
        }

        return new ShopResult(ShopStatus.Done, ShopDocument.View(outbox.State), []);
    }

    public async Task Publish()
    {
        await Settle();
        await outbox.Publish();
    }

    private async Task<bool> Move(ShopState next)
    {
        if (next.Document.Slug is { } slug && !await Owner(slug).Claim(next.Merchant))
        {
            return false;
        }

        await outbox.Announce();
        await outbox.Save(next);
        return await Settle();
    }

    /// <summary>Ends what a change of the slug has begun; every step may be repeated. False when the slug went to another.</summary>
    private async Task<bool> Settle()
    {
        if (outbox.State is not { SlugMoves: true } moving)
        {
            return true;
        }

        if (moving.Document.Slug is { } slug && !await Owner(slug).Confirm(moving.Merchant))
        {
            await GoBack(moving);
            return false;
        }

        if (moving.Former?.Slug is { } old)
        {
            await Owner(old).Release(moving.Merchant);
        }

        await outbox.Commit(ShopDocument.Settle(moving));
        LogMoved(moving.Merchant.Value, moving.Former?.Slug?.Value, moving.Document.Slug?.Value);
        return true;
    }

    private Task GoBack(ShopState moving) =>
        ShopDocument.GoBack(moving) is { } former ? outbox.Commit(former) : outbox.Forget();

    private ISlugGrain Owner(Slug slug) => GrainFactory.GetGrain<ISlugGrain>(ISlugGrain.KeyOf(slug));

    [LoggerMessage(Level = LogLevel.Information, Message = "The shop of {Merchant} moved from slug {Former} to {Slug}")]
    private partial void LogMoved(string merchant, string? former, string? slug);

    [LoggerMessage(Level = LogLevel.Information, Message = "The shop of {Merchant} wanted slug {Slug}, which is another's")]
    private partial void LogTaken(string merchant, string slug);
}
