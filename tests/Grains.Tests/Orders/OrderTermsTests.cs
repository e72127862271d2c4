using System.Globalization;
using OpenBitum.Checkout;
using OpenBitum.Money;
using Xunit;
using static OpenBitum.Orders.OrderStory;

namespace OpenBitum.Orders;

/// <summary>What an order locks at creation beside its price: the fee and the points.</summary>
public sealed class OrderTermsTests
{
    private static readonly Asset Usd = Asset.Currency("USD")!;

    [Theory]
    [InlineData("0", "19.90", "0.00")]
    [InlineData("1.0", "19.90", "0.20")]
    [InlineData("2.5", "0.20", "0.01")]
    [InlineData("2.5", "0.19", "0.00")]
    [InlineData("2.4999", "0.20", "0.00")]
    [InlineData("0.0001", "5000.00", "0.01")]
    [InlineData("0.0001", "4999.99", "0.00")]
    [InlineData("100", "19.90", "19.90")]
    public void A_fee_is_a_share_of_the_total_rounded_half_up(string pct, string total, string fee)
    {
        Assert.True(Amount.TryParse(total, Usd, out var amount));

        Assert.Equal(fee, ProcessingFee.Of(Number(pct), amount)!.Amount.ToDecimal());
    }

    [Fact]
    public void A_fee_of_a_total_in_an_asset_is_in_that_asset()
    {
        var fee = ProcessingFee.Of(1.5m, new Amount(Asset.Bitcoin, 50_033))!;

        Assert.Equal(("0.0000075", Asset.Bitcoin), (fee.Amount.ToDecimal(), fee.Amount.Asset));
        Assert.Equal(Amount.MaximumAtoms, ProcessingFee.Of(100, new Amount(Asset.Bitcoin, Amount.MaximumAtoms))!.Amount.Atoms);
        Assert.Null(ProcessingFee.Of(null, new Amount(Asset.Bitcoin, 1)));
    }

    [Theory]
    [InlineData("1", "19.99", 19)]
    [InlineData("1", "20.00", 20)]
    [InlineData("0.1", "9.99", 0)]
    [InlineData("0.1", "10.00", 1)]
    [InlineData("2.5", "1.99", 4)]
    [InlineData("2.5", "2.00", 5)]
    [InlineData("0", "1000000.00", 0)]
    [InlineData("1000000", "90071992547409.91", Points.Most)]
    [InlineData("1000000", "9007199254.74", 9_007_199_254_740_000)]
    public void Points_are_rounded_down(string perDollar, string total, long xp)
    {
        Assert.True(Amount.TryParse(total, Usd, out var amount));
        var offer = new Offer([], []) { Dollars = Fraction.Of(amount) };

        Assert.Equal(xp, Points.Of(Number(perDollar), offer));
    }

    [Fact]
    public void There_are_no_points_without_a_rate() => Assert.Equal(0, Points.Of(5, new Offer([], [])));

    [Fact]
    public void An_order_keeps_them_and_only_the_merchant_sees_them()
    {
        var draft = Draft();
        var order = Order.Decide(
            draft with { ProcessingFeePct = 1.50m, XpPerDollar = 3, Offer = draft.Offer! with { Dollars = Fraction.Of(2m) } }, DateTimeOffset.UnixEpoch).Draft!;

        Assert.Equal((6L, 1.50m, "0.03"), (order.Xp, order.ProcessingFee!.Pct, order.ProcessingFee.Amount.ToDecimal()));
        var view = OrderViews.ForMerchant(order with { Customer = new Customers.CustomerId("cus_1") }, 1);
        Assert.Equal(new ProcessingFeeView("1.5", "0.03", "USD", null), view.ProcessingFee);
        Assert.Equal(6, view.Xp);
        Assert.Equal(draft.Offer!.Methods.Select(method => method.Due), order.Methods.Select(method => method.Due));

        var plain = Order.Decide(draft, DateTimeOffset.UnixEpoch).Draft!;
        Assert.Equal((0L, null), (plain.Xp, plain.ProcessingFee));
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
