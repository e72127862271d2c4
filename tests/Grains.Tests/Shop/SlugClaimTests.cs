using OpenBitum.Access;
using Xunit;

namespace OpenBitum.Shop;

public sealed class SlugClaimTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly MerchantId Mine = new("mine");
    private static readonly MerchantId Other = new("other");
    private static readonly SlugState Claimed = new() { Owner = Other, ClaimedAt = Now };

    [Fact]
    public void A_free_slug_goes_to_who_asks()
    {
        Assert.Equal(new SlugDecision(true, new SlugState { Owner = Mine, ClaimedAt = Now }), SlugClaim.Decide(null, Mine, Now));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(59_999, false)]
    [InlineData(60_000, true)]
    public void A_claim_that_is_not_confirmed_within_a_minute_lapses(int milliseconds, bool isFree)
    {
        var now = Now.AddMilliseconds(milliseconds);

        var decision = SlugClaim.Decide(Claimed, Mine, now);

        Assert.Equal(isFree, decision.IsOwn);
        Assert.Equal(isFree ? new SlugState { Owner = Mine, ClaimedAt = now } : null, decision.State);
    }

    [Fact]
    public void A_confirmed_claim_never_lapses()
    {
        var held = Claimed with { Confirmed = true };

        Assert.Equal(SlugDecision.Refused, SlugClaim.Decide(held, Mine, Now.AddYears(1)));
        Assert.Equal(SlugDecision.Replayed, SlugClaim.Decide(held, Other, Now.AddYears(1)));
    }

    [Fact]
    public void A_claim_that_is_made_again_has_a_whole_minute_again()
    {
        Assert.Equal(
            new SlugDecision(true, Claimed with { ClaimedAt = Now.AddSeconds(59) }), SlugClaim.Decide(Claimed, Other, Now.AddSeconds(59)));
    }

    [Fact]
    public void Only_the_owner_confirms_and_may_do_so_twice()
    {
        var held = Claimed with { Confirmed = true };

        Assert.Equal(new SlugDecision(true, held), SlugClaim.Confirm(Claimed, Other));
        Assert.Equal(SlugDecision.Replayed, SlugClaim.Confirm(held, Other));
        Assert.Equal(SlugDecision.Refused, SlugClaim.Confirm(Claimed, Mine));
        Assert.Equal(SlugDecision.Refused, SlugClaim.Confirm(held, Mine));
        Assert.Equal(SlugDecision.Refused, SlugClaim.Confirm(null, Mine));
    }
}
