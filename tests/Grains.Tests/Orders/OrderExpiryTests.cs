using OpenBitum.Chains;
using OpenBitum.Outbox;
using Xunit;
using static OpenBitum.Orders.OrderStory;

namespace OpenBitum.Orders;

public sealed class OrderExpiryTests
{
    private const int DayOfMinutes = 24 * 60;

    [Theory]
    [InlineData(14, OrderStatus.Pending)]
    [InlineData(15, OrderStatus.Expired)]
    public void An_order_expires_when_its_chain_was_seen_through_its_time(int minute, OrderStatus status)
    {
        var story = new OrderStory().Ticks(minute);

        Assert.Equal(status, story.View.Status);
        Assert.Equal(status is OrderStatus.Expired, story.Told.Contains(EventType.OrderExpired));
    }

    [Fact]
    public void It_waits_for_every_chain_that_it_has_an_address_on()
    {
        var story = new OrderStory(addresses: [Btc, Ltc]).Ticks(20, Btc);
        Assert.Equal(OrderStatus.Pending, story.View.Status);

        Assert.Equal(OrderStatus.Expired, story.Ticks(21, Btc, Ltc).View.Status);
    }

    [Fact]
    public void Without_an_address_it_waits_for_nobody()
    {
        var story = new OrderStory(addresses: []);

        Assert.Equal(OrderStatus.Pending, story.Ticks(14, "none").View.Status);
        Assert.Equal(OrderStatus.Expired, story.Ticks(15, "none").View.Status);
    }

    [Fact]
    public void It_expires_once()
    {
        Assert.Single(new OrderStory().Ticks(15).Ticks(16).Ticks(99).Told, EventType.OrderExpired);
    }

    [Fact]
    public void Too_little_in_time_expires_and_is_still_shown()
    {
        var story = new OrderStory().Pays("a", BitcoinDue - 1, atMinute: 2, confirmations: 1).Ticks(16);

        Assert.Equal((OrderStatus.Expired, true), (story.View.Status, story.View.PartiallyPaid));
        Assert.Null(story.View.PaymentMethods[0].PaymentUri);
        Assert.NotNull(story.View.PaymentMethods[0].Address);
    }

    [Theory]
    [InlineData(15, OrderStatus.Paid, false)]
    [InlineData(16, OrderStatus.Expired, true)]
    public void First_seen_decides_what_is_in_time(int firstSeenMinute, OrderStatus status, bool isLate)
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: firstSeenMinute).Ticks(20).Confirms("a", atMinute: 40);

        Assert.Equal(status, story.View.Status);
        Assert.Equal((isLate, isLate, isLate), (story.View.Payments[0].Late, story.View.PaidLate, story.View.NeedsReview));
    }

    [Fact]
    public void Money_in_time_that_confirms_after_it_pays_and_never_expired_in_between()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 14).Ticks(15).Ticks(30).Confirms("a", atMinute: 31);

        Assert.Equal((OrderStatus.Paid, false), (story.View.Status, story.View.PaidLate));
        Assert.DoesNotContain(EventType.OrderExpired, story.Told);
    }

    [Fact]
    public void Money_in_time_that_vanishes_after_it_expires_with_the_look_that_missed_it()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 14).Ticks(20).Loses("a", atMinute: 21);

        Assert.Equal(OrderStatus.Expired, story.View.Status);
    }

    [Fact]
    public void It_waits_for_the_other_chain_too_when_money_vanishes()
    {
        var story = new OrderStory(addresses: [Btc, Ltc]).Pays("a", BitcoinDue, atMinute: 14).Loses("a", atMinute: 21);
        Assert.Equal(OrderStatus.Pending, story.View.Status);

        Assert.Equal(OrderStatus.Expired, story.Ticks(22).View.Status);
    }

    [Fact]
    public void What_is_first_met_after_the_expiry_is_late_whatever_the_time_of_its_block()
    {
        var story = new OrderStory().Ticks(16).Pays("a", BitcoinDue, atMinute: 17, confirmations: 1, firstSeenMinute: 10);

        Assert.Equal((OrderStatus.Expired, true, true), (story.View.Status, story.View.PaidLate, story.View.NeedsReview));
        Assert.True(story.View.Payments[0].Late);
    }

    [Theory]
    [InlineData(15 + DayOfMinutes, true)]
    [InlineData(16 + DayOfMinutes, false)]
    public void Late_money_is_kept_for_ever_and_reviewed_within_the_window(int minute, bool isReviewed)
    {
        var story = new OrderStory().Ticks(16).Pays("a", BitcoinDue, atMinute: minute, confirmations: 1);

        Assert.Equal((OrderStatus.Expired, isReviewed, isReviewed), (story.View.Status, story.View.PaidLate, story.View.NeedsReview));
        Assert.True(story.View.Payments.Single().Late);
        Assert.Equal("0.00001", story.View.PaymentMethods[0].Paid);
        Assert.Empty(story.State.Entitlements);
        Assert.Equal(EventType.PaymentReceived, story.Told.Last());
    }

    [Fact]
    public void Money_that_was_gone_at_the_expiry_and_returns_is_late()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 5).Loses("a", atMinute: 6).Ticks(15).Returns("a", atMinute: 20)
            .Confirms("a", atMinute: 21);

        Assert.Equal((OrderStatus.Expired, true, true), (story.View.Status, story.View.PaidLate, story.View.NeedsReview));
        Assert.Empty(story.State.Entitlements);
    }

    [Fact]
    public void Late_money_that_vanishes_leaves_the_review_to_a_person()
    {
        var story = new OrderStory().Ticks(16).Pays("a", BitcoinDue, atMinute: 20).Loses("a", atMinute: 21);

        Assert.Equal((false, true), (story.View.PaidLate, story.View.NeedsReview));
    }

    [Fact]
    public void Late_money_pays_where_the_terms_take_it()
    {
        var story = new OrderStory(acceptLate: true).Ticks(16).Pays("a", BitcoinDue, atMinute: 20);
        Assert.Equal((OrderStatus.Expired, true, false), (story.View.Status, story.View.PaidLate, story.View.NeedsReview));

        story.Confirms("a", atMinute: 25);
        Assert.Equal((OrderStatus.Paid, true, false), (story.View.Status, story.View.PaidLate, story.View.NeedsReview));
        Assert.Equal(2, story.State.Entitlements.Length);
    }

    [Theory]
    [InlineData(1_019, OrderStatus.Paid)]
    [InlineData(1_020, OrderStatus.Expired)]
    [InlineData(981, OrderStatus.Paid)]
    [InlineData(980, OrderStatus.Expired)]
    public void Late_money_is_taken_while_the_rate_has_moved_by_less_than_two_percent(int dueNow, OrderStatus status)
    {
        var story = new OrderStory(acceptLate: true) { BitcoinDueNow = dueNow }.Ticks(16)
            .Pays("a", BitcoinDue, atMinute: 20, confirmations: 1);

        Assert.Equal(status, story.View.Status);
        Assert.Equal(status is OrderStatus.Expired, story.View.NeedsReview);
    }

    [Fact]
    public void Late_money_beyond_the_window_is_not_taken_by_any_terms()
    {
        var story = new OrderStory(acceptLate: true).Ticks(16).Pays("a", BitcoinDue, atMinute: 16 + DayOfMinutes, confirmations: 1);

        Assert.Equal(OrderStatus.Expired, story.View.Status);
    }

    [Fact]
    public void Late_money_completes_a_part_that_came_in_time()
    {
        var story = new OrderStory(acceptLate: true).Pays("a", 400, atMinute: 3, confirmations: 1).Ticks(16)
            .Pays("b", 600, atMinute: 20, confirmations: 1);

        Assert.Equal((OrderStatus.Paid, true), (story.View.Status, story.View.PaidLate));
    }

    [Fact]
    public void Stock_is_given_back_once()
    {
        var story = new OrderStory(hasStock: true);
        Assert.Equal(StockStanding.Reserved, story.State.Stock);

        story.Ticks(16).Ticks(17);
        Assert.Equal(StockStanding.Returning, story.State.Stock);
        Assert.True(Order.HasWork(story.State));

        var returned = Order.Decide(story.State, new AcknowledgeReturn());
        Assert.Equal((StockStanding.Returned, OrderEffect.Unseen), (returned.State.Stock, returned.Effect));
        Assert.Equal(OrderEffect.Nothing, Order.Decide(returned.State, new AcknowledgeReturn()).Effect);
        Assert.False(Order.HasWork(returned.State));
    }

    [Theory]
    [InlineData(true, StockStanding.Reserved)]
    [InlineData(false, StockStanding.Returned)]
    public void Late_money_takes_stock_again_and_needs_review_when_none_is_left(bool isLeft, StockStanding stock)
    {
        var story = new OrderStory(hasStock: true, acceptLate: true) { HasUnitsLeft = isLeft }.Ticks(16)
            .Pays("a", BitcoinDue, atMinute: 20, confirmations: 1);

        Assert.Equal((OrderStatus.Paid, stock, !isLeft), (story.View.Status, story.State.Stock, story.View.NeedsReview));
    }

    [Theory]
    [InlineData(StockStanding.None, false)]
    [InlineData(StockStanding.Reserved, false)]
    [InlineData(StockStanding.Returning, false)]
    [InlineData(StockStanding.Returned, true)]
    [InlineData(StockStanding.Retaking, false)]
    public void Only_units_that_were_given_back_are_asked_for_again_and_go_back_unless_they_are_paid_for(StockStanding stock, bool asks)
    {
        var order = new OrderStory(hasStock: true).Ticks(16).State with { Stock = stock };

        var asked = Order.Decide(order, new TakeStockAgain());

        Assert.Equal(asks ? (StockStanding.Retaking, OrderEffect.Unseen) : (stock, OrderEffect.Nothing), (asked.State.Stock, asked.Effect));
        if (asks)
        {
            Assert.True(Order.HasWork(asked.State));
            Assert.Equal(OrderEffect.Nothing, Order.Decide(asked.State, new TakeStockAgain()).Effect);
            Assert.Equal(order, Order.Decide(asked.State, new AcknowledgeReturn()).State);
        }
    }

    [Fact]
    public void A_paid_order_keeps_its_stock()
    {
        var story = new OrderStory(hasStock: true).Pays("a", BitcoinDue, atMinute: 2, confirmations: 1).Ticks(99);

        Assert.Equal(StockStanding.Reserved, story.State.Stock);
    }

    [Fact]
    public void A_snapshot_older_than_the_last_one_heard_changes_nothing()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2);
        var stale = new PaymentsObserved(Btc, 1, Minute(1), []);

        Assert.Equal(OrderEffect.Nothing, story.Hear(story.State, stale, 3).Effect);
    }
}
