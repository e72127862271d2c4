using OpenBitum.Chains;
using OpenBitum.Money;
using OpenBitum.Outbox;
using Xunit;
using static OpenBitum.Orders.OrderStory;

namespace OpenBitum.Orders;

public sealed class OrderPaymentTests
{
    [Fact]
    public void Unconfirmed_money_is_processing_and_pays_nothing()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2);

        Assert.Equal(OrderStatus.Processing, story.View.Status);
        Assert.Null(story.View.PaidAt);
        Assert.Empty(story.State.Entitlements);
        Assert.Equal([EventType.OrderCreated, EventType.PaymentReceived, EventType.OrderProcessing], story.Told);
    }

    [Fact]
    public void Enough_confirmed_pays_once()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2).Confirms("a", atMinute: 5).Confirms("a", atMinute: 5, confirmations: 3);

        Assert.Equal(OrderStatus.Paid, story.View.Status);
        Assert.Equal(Minute(5), story.View.PaidAt);
        Assert.Equal(2, story.State.Entitlements.Length);
        Assert.Single(story.Told, EventType.OrderPaid);
        Assert.Single(story.Told, EventType.PaymentReceived);
        Assert.Null(story.View.OverpaidAmount);
    }

    [Fact]
    public void What_is_first_met_in_a_block_pays_without_having_been_processing()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 4, confirmations: 1);

        Assert.Equal([EventType.OrderCreated, EventType.PaymentReceived, EventType.OrderPaid], story.Told);
    }

    [Fact]
    public void Confirmations_count_up_to_what_is_required_and_stop_there()
    {
        var story = new OrderStory(addresses: [Ltc]).Pays("a", LitecoinDue, atMinute: 2, confirmations: 1, method: Ltc);
        Assert.Equal((OrderStatus.Processing, 1), (story.View.Status, story.View.Payments[0].Confirmations));

        story.Confirms("a", atMinute: 5, confirmations: 2);
        Assert.Equal((OrderStatus.Paid, 2), (story.View.Status, story.View.Payments[0].Confirmations));

        story.Confirms("a", atMinute: 5, confirmations: 9);
        Assert.Equal(2, story.View.Payments[0].Confirmations);
        Assert.Equal(OrderEffect.Unseen, story.LastEffect);
    }

    [Theory]
    [InlineData(BitcoinDue - 1, OrderStatus.Pending, "0.00000001")]
    [InlineData(BitcoinDue, OrderStatus.Paid, "0")]
    public void One_atom_decides(int atoms, OrderStatus status, string remaining)
    {
        var story = new OrderStory().Pays("a", atoms, atMinute: 2, confirmations: 1);

        Assert.Equal(status, story.View.Status);
        Assert.Equal(remaining, story.View.PaymentMethods[0].Remaining);
        Assert.Equal(status is OrderStatus.Pending, story.View.PartiallyPaid);
    }

    [Theory]
    [InlineData("0.1", 998, OrderStatus.Pending)]
    [InlineData("0.1", 999, OrderStatus.Paid)]
    [InlineData("0.0001", 999, OrderStatus.Pending)]
    [InlineData("10", 899, OrderStatus.Pending)]
    [InlineData("10", 900, OrderStatus.Paid)]
    public void The_tolerance_is_exact(string tolerancePct, int atoms, OrderStatus status)
    {
        var tolerance = decimal.Parse(tolerancePct, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(status, new OrderStory(tolerance).Pays("a", atoms, atMinute: 2, confirmations: 1).View.Status);
    }

    [Fact]
    public void A_part_is_told_once_and_the_exact_remainder_is_asked_for()
    {
        var story = new OrderStory().Pays("a", 400, atMinute: 2).Pays("b", 100, atMinute: 3);

        var method = story.View.PaymentMethods[0];
        Assert.True(story.View.PartiallyPaid);
        Assert.Equal(("0.000005", "0.000005"), (method.Paid, method.Remaining));
        Assert.Equal("bitcoin:btc1address?amount=0.000005", method.PaymentUri);
        Assert.Equal(
            [EventType.OrderCreated, EventType.PaymentReceived, EventType.OrderPartiallyPaid, EventType.PaymentReceived], story.Told);
    }

    [Fact]
    public void Several_payments_add_up()
    {
        var story = new OrderStory().Pays("a", 400, atMinute: 2, confirmations: 1).Pays("b", 600, atMinute: 3);
        Assert.Equal(OrderStatus.Processing, story.View.Status);

        story.Confirms("b", atMinute: 6);
        Assert.Equal((OrderStatus.Paid, Minute(6)), (story.View.Status, story.View.PaidAt));
    }

    [Theory]
    [InlineData(2_999, OrderStatus.Processing, null)]
    [InlineData(3_000, OrderStatus.Paid, null)]
    [InlineData(3_001, OrderStatus.Paid, "0.00000001 LTC")]
    public void Payments_by_two_methods_add_up_at_their_locked_rates(int litoshi, OrderStatus status, string? overpaid)
    {
        // A quarter in bitcoin leaves three quarters of 4,000 litoshi.
        var story = new OrderStory(addresses: [Btc, Ltc]).Pays("a", 250, atMinute: 2, confirmations: 1);
        Assert.Equal("0.00003", story.View.PaymentMethods[1].Remaining);
        Assert.Equal("0.0000075", story.View.PaymentMethods[0].Remaining);

        story.Pays("b", litoshi, atMinute: 3, confirmations: 2, method: Ltc).Pays("c", 1, atMinute: 4);

        Assert.Equal(status, story.View.Status);
        Assert.Equal(overpaid, story.View.OverpaidAmount?.ToString());
    }

    [Fact]
    public void What_remains_by_another_method_is_rounded_up()
    {
        var story = new OrderStory(addresses: [Btc, Ltc]).Pays("a", 3_999, atMinute: 2, method: Ltc);

        Assert.Equal("0.00000001", story.View.PaymentMethods[0].Remaining);
    }

    [Fact]
    public void What_is_over_is_exact_and_grows_with_what_comes_after()
    {
        var story = new OrderStory().Pays("a", BitcoinDue + 1, atMinute: 2, confirmations: 1);
        Assert.Equal(new Amount(Asset.Bitcoin, 1), story.View.OverpaidAmount);

        story.Pays("b", 500, atMinute: 3);
        Assert.Equal(new Amount(Asset.Bitcoin, 1), story.View.OverpaidAmount);

        story.Confirms("b", atMinute: 4);
        Assert.Equal(new Amount(Asset.Bitcoin, 501), story.View.OverpaidAmount);
        Assert.Single(story.Told, EventType.OrderPaid);
        Assert.Equal(2, story.State.Entitlements.Length);
    }

    [Fact]
    public void Excess_that_comes_after_the_time_of_a_paid_order_is_excess_and_nothing_to_review()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2, confirmations: 1).Pays("b", 7, atMinute: 60, confirmations: 1);

        Assert.Equal(new Amount(Asset.Bitcoin, 7), story.View.OverpaidAmount);
        Assert.True(story.View.Payments[1].Late);
        Assert.False(story.View.PaidLate);
        Assert.False(story.View.NeedsReview);
    }

    [Theory]
    [InlineData(ObservedState.Replaced)]
    [InlineData(ObservedState.Orphaned)]
    public void A_payment_that_vanishes_stops_counting_and_stays_on_record(ObservedState state)
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2).Loses("a", atMinute: 3, state);

        Assert.Equal(OrderStatus.Pending, story.View.Status);
        Assert.Equal("0.00001", story.View.PaymentMethods[0].Remaining);
        Assert.Equal(state.ToString(), story.View.Payments.Single().State.ToString());
    }

    [Fact]
    public void A_replacement_pays_in_place_of_what_it_replaced()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2).Loses("a", atMinute: 3).Pays("b", BitcoinDue, atMinute: 3)
            .Confirms("b", atMinute: 9);

        Assert.Equal(OrderStatus.Paid, story.View.Status);
        Assert.Null(story.View.OverpaidAmount);
        Assert.Single(story.Told, EventType.OrderPaid);
    }

    [Fact]
    public void A_reorg_before_enough_confirmations_recounts_the_depth()
    {
        var story = new OrderStory(addresses: [Ltc]).Pays("a", LitecoinDue, atMinute: 2, confirmations: 1, method: Ltc).Returns("a", atMinute: 4);
        Assert.Equal((OrderStatus.Processing, 0), (story.View.Status, story.View.Payments[0].Confirmations));

        story.Confirms("a", atMinute: 8, confirmations: 2);
        Assert.Equal(OrderStatus.Paid, story.View.Status);
    }

    [Fact]
    public void The_completing_block_gives_the_time_but_never_one_before_the_order()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2).Confirms("a", atMinute: -3);

        Assert.Equal(Start, story.View.PaidAt);
    }

    [Fact]
    public void The_time_is_that_of_the_block_that_completed_it_whichever_was_heard_of_first()
    {
        var story = new OrderStory(addresses: [Btc, Ltc]).Pays("a", LitecoinDue, atMinute: 3, confirmations: 1, method: Ltc)
            .Pays("b", 250, atMinute: 5, confirmations: 1).Confirms("a", atMinute: 3, confirmations: 2);

        Assert.Equal(Minute(3), story.View.PaidAt);
    }

    [Fact]
    public void Money_of_another_asset_or_to_a_script_never_shown_is_not_this_orders()
    {
        var story = new OrderStory();
        var strange = Payment("a", BitcoinDue, 2, 2, 1, Btc);
        story.Hears(new PaymentsObserved(Btc, 5, Minute(2), [strange with { Asset = "USDC" }, strange with { Script = "0014ff" }]), 2);

        Assert.Empty(story.State.Payments);
    }
}
