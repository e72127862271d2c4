using OpenBitum.Access;
using OpenBitum.Json;
using OpenBitum.Outbox;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Shop;

/// <summary>Shops and slugs over a real store that dies where a test wants it to.</summary>
public sealed class ShopGrainTests : IAsyncLifetime
{
    /// <summary>More durable steps than a change of the slug has.</summary>
    private const int MostSteps = 9;

    /// <summary>The claim, the mark, and the shop's own write.</summary>
    private const int StepsUntilWritten = 3;

    private static readonly MerchantId Mine = new("mine");
    private static readonly MerchantId Other = new("other");

    private readonly ManualClock clock = new();
    private readonly KillSwitch kill = new();
    private FeatureHost host = null!;

    public async ValueTask InitializeAsync() => host = await FeatureHost.Start(clock, kill.Guard);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Wherever_the_process_dies_each_slug_is_one_shops_and_nothing_is_left_over()
    {
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var merchant = new MerchantId($"m{steps}");
            var (old, next) = ($"old-{steps}", $"next-{steps}");
            await Cut(steps, () => Want(merchant, old));
            await Sweep();
            await MustAgree(merchant, steps, old);

            Assert.Equal(ShopStatus.Done, (await Want(merchant, old)).Status);
            await Cut(steps, () => Want(merchant, next));
            await Sweep();
            await MustAgree(merchant, steps, old, next);
            Assert.Equal("Shop", (await Shop(merchant).View())!.Name);

            // Whichever of the two it did not get is anybody's.
            var held = (await Shop(merchant).View())!.Slug!.Value.Value;
            Assert.Equal(ShopStatus.Done, (await Want(new MerchantId($"o{steps}"), held == old ? next : old)).Status);
            Assert.Equal(ShopStatus.SlugTaken, (await Want(new MerchantId($"o{steps}"), held)).Status);
        }

        Assert.Equal(0, await host.Database.Read(session => session.First("SELECT COUNT(*) FROM unpublished", reader => reader.GetInt64(0))));
    }

    [Fact]
    public async Task Who_asks_again_after_a_death_ends_with_the_slug()
    {
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var merchant = new MerchantId($"m{steps}");
            await Want(merchant, $"old-{steps}");
            await Cut(steps, () => Want(merchant, $"next-{steps}"));

            Assert.Equal(ShopStatus.Done, (await Want(merchant, $"next-{steps}")).Status);

            Assert.Equal($"next-{steps}", (await Shop(merchant).View())!.Slug!.Value.Value);
            await MustAgree(merchant, steps, $"old-{steps}", $"next-{steps}");
        }
    }

    [Fact]
    public async Task A_slug_that_lapsed_before_it_was_confirmed_leaves_the_shop_as_it_was()
    {
        await Want(Mine, "mine-before");
        await Cut(StepsUntilWritten, () => Want(Mine, "wanted"));
        Assert.Equal(ShopStatus.SlugTaken, (await Want(Other, "wanted")).Status);
        clock.Advance(SlugClaim.Lapse);
        Assert.Equal(ShopStatus.Done, (await Want(Other, "wanted")).Status);

        await Sweep();

        Assert.Equal("mine-before", (await Shop(Mine).View())!.Slug!.Value.Value);
        Assert.Equal(Mine, await Owner("mine-before"));
        Assert.Equal(Other, await Owner("wanted"));
    }

    [Fact]
    public async Task A_shop_whose_first_slug_lapsed_was_never_made()
    {
        await Cut(StepsUntilWritten, () => Want(Mine, "wanted"));
        Assert.Null(await Shop(Mine).View());
        clock.Advance(SlugClaim.Lapse);
        Assert.Equal(ShopStatus.Done, (await Want(Other, "wanted")).Status);

        Assert.Equal(ShopStatus.SlugTaken, (await Want(Mine, "wanted")).Status);

        Assert.Null(await Shop(Mine).View());
        Assert.Equal(0, await Shop(Mine).XpPerDollar());
        Assert.Equal(Other, await Owner("wanted"));
    }

    [Fact]
    public async Task A_change_that_could_not_be_written_is_not_shown()
    {
        await Want(Mine, "mine");
        kill.After(0);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => Change(Mine, new ShopFields { Name = Change<string>.To("New") }));
        Assert.IsType<IOException>(failure.GetBaseException());
        kill.Disarm();

        Assert.Equal("Shop", (await Shop(Mine).View())!.Name);
        Assert.Equal(ShopStatus.Done, (await Change(Mine, new ShopFields { Name = Change<string>.To("New") })).Status);
        Assert.Equal("New", (await Shop(Mine).View())!.Name);
    }

    [Fact]
    public async Task What_was_answered_survives_a_kill()
    {
        await Want(Mine, "mine");
        await Change(Mine, new ShopFields { XpPerDollar = Change<decimal>.To(1.50m) });
        var before = await Shop(Mine).View();

        await host.Silo.Kill();
        await host.Silo.Start();

        Assert.Equal(ContentTag.Of(before), ContentTag.Of(await Shop(Mine).View()));
        Assert.Equal(1.50m, await Shop(Mine).XpPerDollar());
        Assert.Equal(Mine, await Owner("mine"));
    }

    private async Task Cut(int steps, Func<Task> work)
    {
        kill.After(steps);
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is IOException or OrleansException or TimeoutException)
        {
            // The caller of a process that died learns nothing else.
        }

        await host.Silo.Kill();
        kill.Disarm();
        await host.Silo.Start();
    }

    private async Task Sweep()
    {
        clock.Advance(SlugClaim.Lapse);
        await host.Grains.GetGrain<ISweeperGrain>(ISweeperGrain.Key).Sweep();
    }

    /// <summary>A slug leads to the shop that shows it, and to no other.</summary>
    private async Task MustAgree(MerchantId merchant, int steps, params string[] slugs)
    {
        var shown = (await Shop(merchant).View())?.Slug?.Value;
        foreach (var slug in slugs)
        {
            var owner = await Owner(slug);
            Assert.True(owner == (slug == shown ? merchant : null), $"After {steps} steps {slug} leads to {owner}; the shop shows {shown}.");
        }
    }

    private Task<ShopResult> Want(MerchantId merchant, string slug) =>
        Change(merchant, new ShopFields { Name = Change<string>.To("Shop"), Slug = Change<string?>.To(slug) });

    private Task<ShopResult> Change(MerchantId merchant, ShopFields fields) => Shop(merchant).Update(new UpdateShop(merchant, fields, null));

    private IShopGrain Shop(MerchantId merchant) => host.Grains.GetGrain<IShopGrain>(IShopGrain.KeyOf(merchant));

    private Task<MerchantId?> Owner(string slug) => host.Grains.GetGrain<ISlugGrain>(ISlugGrain.KeyOf(new Slug(slug))).Owner();
}
