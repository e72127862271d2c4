using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;
using OpenBitum.Time;

namespace OpenBitum.Access;

public sealed class SubscriptionKeyGrainTests
{
    private static readonly MerchantId Merchant = new("m");

    private readonly ManualClock clock = new();

    [Fact]
    public async Task Of_many_parallel_calls_exactly_the_limit_is_admitted()
    {
        await using var host = await FeatureHost.Start(clock, ("RateLimits:KeyPerMinute", "150"));
        var (grain, hash) = await Make(host);

        var admissions = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => grain.Admit(hash)));

        Assert.Equal(150, admissions.Count(one => one.Status is KeyAdmissionStatus.Admitted));
        Assert.Equal(350, admissions.Count(one => one.Status is KeyAdmissionStatus.Limited));
        Assert.Equal(
            Enumerable.Range(0, 150),
            admissions.Where(one => one.Status is KeyAdmissionStatus.Admitted).Select(one => one.Standing!.Remaining).Order());
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(new RateStanding(150, 149, 60, false), (await grain.Admit(hash)).Standing);
    }

    [Fact]
    public async Task A_revocation_holds_for_the_next_call_and_for_good()
    {
        await using var host = await FeatureHost.Start(clock);
        var (grain, hash) = await Make(host);
        Assert.Equal(KeyAdmissionStatus.Admitted, (await grain.Admit(hash)).Status);

        Assert.Equal(SubscriptionKeyStatus.NotFound, (await grain.Revoke(new("other"))).Status);
        Assert.Equal(KeyAdmissionStatus.Admitted, (await grain.Admit(hash)).Status);
        Assert.Equal(SubscriptionKeyStatus.Done, (await grain.Revoke(Merchant)).Status);
        Assert.Equal(KeyAdmissionStatus.Unknown, (await grain.Admit(hash)).Status);
        Assert.Equal(SubscriptionKeyStatus.Done, (await grain.Revoke(Merchant)).Status);

        Assert.Empty((await Queries(host).OfMerchant(Merchant, new PageRequest(20, null))).Data);
    }

    [Fact]
    public async Task A_wrong_text_is_unknown_and_is_not_counted_on_the_key()
    {
        await using var host = await FeatureHost.Start(clock, ("RateLimits:KeyPerMinute", "1"));
        var (grain, hash) = await Make(host);

        for (var call = 0; call < 5; call++)
        {
            var refused = await grain.Admit(new string('0', 64));
            Assert.Equal((KeyAdmissionStatus.Unknown, null), (refused.Status, refused.Standing));
        }

        Assert.Equal(KeyAdmissionStatus.Admitted, (await grain.Admit(hash)).Status);
        Assert.Equal(KeyAdmissionStatus.Limited, (await grain.Admit(hash)).Status);
    }

    [Fact]
    public async Task No_limit_counts_nothing()
    {
        await using var host = await FeatureHost.Start(clock, ("RateLimits:KeyPerMinute", "0"));
        var (grain, hash) = await Make(host);

        var admission = await grain.Admit(hash);

        Assert.Equal((KeyAdmissionStatus.Admitted, null), (admission.Status, admission.Standing));
    }

    [Fact]
    public async Task An_admission_names_the_merchant_and_the_scopes()
    {
        await using var host = await FeatureHost.Start(clock);
        var (grain, hash) = await Make(host);

        var admission = await grain.Admit(hash);

        Assert.Equal(Merchant, admission.Merchant);
        Assert.Equal([KeyScope.ProductsRead], admission.Scopes);
    }

    [Fact]
    public async Task A_list_holds_a_merchants_keys_newest_first_and_no_secret()
    {
        await using var host = await FeatureHost.Start(clock);
        var (first, _) = await Make(host);
        clock.Advance(TimeSpan.FromSeconds(1));
        var (second, _) = await Make(host);

        var page = await Queries(host).OfMerchant(Merchant, new PageRequest(1, null));
        Assert.True(Cursor.TryParse(page.NextCursor!, out var after));
        var rest = await Queries(host).OfMerchant(Merchant, new PageRequest(1, after));

        Assert.Equal([second.GetPrimaryKeyString(), first.GetPrimaryKeyString()], page.Data.Concat(rest.Data).Select(key => key.Id.Value));
        Assert.All(page.Data, key => Assert.Null(key.Key));
        Assert.Empty((await Queries(host).OfMerchant(new("other"), new PageRequest(20, null))).Data);
    }

    private async Task<(ISubscriptionKeyGrain Grain, string Hash)> Make(FeatureHost host)
    {
        var id = SubscriptionKeyId.New(clock.Now());
        var text = SubscriptionKeyText.New(id);
        var grain = host.Grains.GetGrain<ISubscriptionKeyGrain>(id.Value);
        var made = await grain.Create(new CreateSubscriptionKey(
            Merchant, "x", [KeyScope.ProductsRead], SubscriptionKeyText.Hash(text), SubscriptionKeyText.Hint(text)));
        Assert.Equal(SubscriptionKeyStatus.Done, made.Status);
        return (grain, SubscriptionKeyText.Hash(text));
    }

    private static ISubscriptionKeyQueries Queries(FeatureHost host) => host.Grains.GetGrain<ISubscriptionKeyQueries>("0");
}
