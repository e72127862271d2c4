using System.Collections.Immutable;
using OpenBitum.Chains;
using OpenBitum.Money;
using OpenBitum.Wallets;
using Xunit;

namespace OpenBitum.Checkout;

public sealed class OfferTests
{
    private static readonly Asset Usd = Asset.Currency("USD")!;
    private static readonly Amount Total = new(Usd, 1_999);
    private static readonly MethodFacts Known = new(ChainOf("BTC", Asset.Bitcoin, 3_000), new CurrentKey("key", "p2wpkh"), true, RateOf("60000"));

    [Fact]
    public void A_method_with_all_it_needs_is_offered_at_what_is_due_rounded_up()
    {
        var offer = Offer.Decide(Total, [Known], "BTC");

        // 19.99 / 60000 = 0.000333166…
        Assert.Equal(("BTC", "0.00033317"), (offer.Methods.Single().Method, offer.Methods[0].Due.ToDecimal()));
        Assert.Empty(offer.Refused);
    }

    [Fact]
    public void Each_other_method_has_its_own_cause()
    {
        var facts = ImmutableArray.Create(
            Known with { Key = null, IsReady = false, Rate = null },
            Known with { IsReady = false, Rate = null },
            Known with { Rate = null },
            Known with { Rate = RateOf("100000000") });

        Assert.Equal(
            [MethodRefusal.NoWallet, MethodRefusal.ChainUnavailable, MethodRefusal.RateUnavailable, MethodRefusal.UnderDustLimit],
            Offer.Decide(Total, facts, "BTC").Refused.Select(refused => refused.Cause));
    }

    [Theory]
    [InlineData("p2wpkh", 294)]
    [InlineData("p2tr", 330)]
    [InlineData("p2sh-p2wpkh", 540)]
    [InlineData("p2pkh", 546)]
    public void What_is_due_reaches_the_dust_limit_of_the_script(string scriptType, int limit)
    {
        var facts = Known with { Key = new CurrentKey("key", scriptType), Rate = Rate.Identity(Asset.Bitcoin) };

        Assert.Single(Offer.Decide(new Amount(Asset.Bitcoin, limit), [facts], "BTC").Methods);
        Assert.Empty(Offer.Decide(new Amount(Asset.Bitcoin, limit - 1), [facts], "BTC").Methods);
    }

    [Fact]
    public void A_rate_that_asks_for_more_than_an_amount_can_hold_is_none()
    {
        var facts = Known with { Rate = RateOf("0.000000000000000001") };

        Assert.Equal(MethodRefusal.RateUnavailable, Offer.Decide(Total, [facts], "BTC").Refused.Single().Cause);
    }

    [Theory]
    [InlineData("LTC", "LTC BTC SANDBOX")]
    [InlineData("SANDBOX", "SANDBOX BTC LTC")]
    [InlineData("BTC", "BTC LTC SANDBOX")]
    [InlineData("ETH", "BTC LTC SANDBOX")]
    public void The_methods_of_the_default_token_stand_first_and_the_others_keep_their_order(string token, string methods)
    {
        var offer = Offer.Decide(Total, [Known, Like("LTC", Asset.Litecoin), Like("SANDBOX", Asset.Sandbox)], token);

        Assert.Equal(methods, string.Join(' ', offer.Methods.Select(method => method.Method)));
    }

    [Fact]
    public void Dollars_are_worth_themselves_and_what_else_is_priced_goes_by_the_rate_of_an_offered_method()
    {
        var euros = new Amount(Asset.Currency("EUR")!, 4_500);
        var inEuros = Known with { Rate = Rated("BTC", "45000", "EUR"), Dollars = Rated("BTC", "60000", "USD") };
        var play = Like("SANDBOX", Asset.Sandbox) with { Rate = Rated("SANDBOX", "1", "EUR"), Dollars = Rated("SANDBOX", "1", "USD") };

        Assert.Equal(1_999, Cents(Offer.Decide(Total, [], "BTC")));
        Assert.Equal(6_000, Cents(Offer.Decide(euros, [inEuros], "BTC")));
        Assert.Equal(6_000, Cents(Offer.Decide(euros, [play, inEuros], "SANDBOX")));
        Assert.Equal(4_500, Cents(Offer.Decide(euros, [play], "SANDBOX")));
        Assert.Null(Offer.Decide(euros, [inEuros with { Dollars = null }], "BTC").Dollars);
        // A method that is not offered locks no rate.
        Assert.Null(Offer.Decide(euros, [inEuros with { IsReady = false }], "BTC").Dollars);

        var coins = new Amount(Asset.Bitcoin, 100_000);
        Assert.Equal(6_000, Cents(Offer.Decide(coins, [inEuros with { Rate = Rate.Identity(Asset.Bitcoin) }], "BTC")));
    }

    [Theory]
    [InlineData("BTC", "bitcoin:bc1q?amount=0.0005")]
    [InlineData("LTC", "litecoin:bc1q?amount=0.0005")]
    [InlineData("SANDBOX", "sandbox:bc1q?amount=0.0005")]
    public void A_uri_asks_for_whole_units_in_decimal(string chain, string uri)
    {
        Assert.Equal(uri, PaymentUri.Of(chain, "bc1q", new Amount(Asset.Bitcoin, 50_000)));
    }

    private static int Cents(Offer offer) => (int)(offer.Dollars!.Value * Fraction.Of(100m)).RoundDown();

    private static MethodFacts Like(string chain, Asset asset) =>
        Known with { Chain = ChainOf(chain, asset, 3_000), Rate = Rated(chain, "100", "USD") };

    private static Rate Rated(string asset, string text, string currency) =>
        Rate.TryParse(text, Asset.Crypto(asset)!, Asset.Currency(currency)!, "fixed", out var rate) ? rate : throw new ArgumentException(text);

    private static Rate RateOf(string text) => Rate.TryParse(text, Asset.Bitcoin, Usd, "fixed", out var rate) ? rate : throw new ArgumentException(text);

    private static Chain ChainOf(string id, Asset asset, int dustRelayFeeRate) =>
        new(id, "mainnet", asset, 1, dustRelayFeeRate) { Follow = new FollowOptions(1_000, 30, null) };
}
