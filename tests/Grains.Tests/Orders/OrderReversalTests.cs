using OpenBitum.Chains;
using OpenBitum.Entitlements;
using OpenBitum.Outbox;
using Xunit;
using static OpenBitum.Orders.OrderStory;

namespace OpenBitum.Orders;

public sealed class OrderReversalTests
{
    private static OrderStory Granted() => new OrderStory().Pays("a", BitcoinDue, atMinute: 2, confirmations: 1)
        .Reports(1, EntitlementStatus.Active, atMinute: 3).Reports(2, EntitlementStatus.Active, atMinute: 3);

    [Fact]
    public void A_paid_order_whose_money_vanishes_is_reversed_and_suspended()
    {
        var story = Granted().Loses("a", atMinute: 9, ObservedState.Orphaned);

        Assert.Equal((OrderStatus.Paid, true, true), (story.View.Status, story.View.Reversed, story.View.NeedsReview));
        Assert.All(story.State.Entitlements, entitlement => Assert.Equal(EntitlementStatus.Suspended, entitlement.Status));
        Assert.Equal([1, 2], Order.ToSuspend(story.State).Select(entitlement => entitlement.Number));
        Assert.Single(story.Told, EventType.OrderReversed);
    }

    [Fact]
    public void A_reorg_after_the_payment_whose_transaction_returns_tells_and_grants_nothing_more()
    {
        var story = Granted();
        var told = story.Told.Count();

        story.Returns("a", atMinute: 9).Confirms("a", atMinute: 12);

        Assert.Equal(told, story.Told.Count());
        Assert.Equal((OrderStatus.Paid, false, false), (story.View.Status, story.View.Reversed, story.View.NeedsReview));
        Assert.Equal(Minute(2), story.View.PaidAt);
        Assert.Empty(Order.ToSuspend(story.State));
    }

    [Fact]
    public void Money_that_returns_lifts_the_suspension_once_it_is_deep_again()
    {
        var story = Granted().Loses("a", atMinute: 9);
        story.Returns("a", atMinute: 10);
        Assert.True(story.View.Reversed);

        story.Confirms("a", atMinute: 12);
        Assert.Equal((false, false), (story.View.Reversed, story.View.NeedsReview));
        Assert.All(story.State.Entitlements, entitlement => Assert.Equal(EntitlementStatus.Active, entitlement.Status));
        Assert.Empty(Order.ToSuspend(story.State));
        Assert.Single(story.Told, EventType.OrderPaid);
        Assert.Equal(2, story.Told.Count(type => type == EventType.EntitlementApplied));
    }

    [Fact]
    public void The_loss_of_what_was_over_reverses_nothing()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2, confirmations: 1).Pays("b", 50, atMinute: 3, confirmations: 1)
            .Loses("b", atMinute: 9, ObservedState.Orphaned);

        Assert.False(story.View.Reversed);
        Assert.Null(story.View.OverpaidAmount);
    }

    [Fact]
    public void The_loss_of_a_part_reverses()
    {
        var story = new OrderStory().Pays("a", 600, atMinute: 2, confirmations: 1).Pays("b", 400, atMinute: 3, confirmations: 1)
            .Loses("b", atMinute: 9, ObservedState.Orphaned);

        Assert.True(story.View.Reversed);
    }

    [Fact]
    public void Nothing_is_granted_while_the_money_is_gone()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2, confirmations: 1).Loses("a", atMinute: 3, ObservedState.Orphaned);
        Assert.Empty(Order.ToApply(story.State));
        Assert.False(Order.HasWork(story.State));

        story.Confirms("a", atMinute: 8);
        Assert.Equal([1, 2], Order.ToApply(story.State).Select(entitlement => entitlement.Number));
    }

    [Fact]
    public void What_was_on_its_way_when_the_money_went_is_suspended_as_it_arrives()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2, confirmations: 1).Loses("a", atMinute: 3, ObservedState.Orphaned)
            .Reports(1, EntitlementStatus.Active, atMinute: 4);

        Assert.Equal(EntitlementStatus.Suspended, story.State.Entitlements[0].Status);
        var suspension = Assert.Single(Order.ToSuspend(story.State));

        var told = Order.Decide(story.State, new AcknowledgeSuspension(suspension.Number, true));
        Assert.Empty(Order.ToSuspend(told.State));
        Assert.Equal(OrderEffect.Nothing, Order.Decide(told.State, new AcknowledgeSuspension(suspension.Number, true)).Effect);
    }

    [Fact]
    public void An_entitlement_is_applied_once_and_told_once()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2, confirmations: 1);
        Assert.All(story.State.Entitlements, entitlement => Assert.Equal((EntitlementStatus.Pending, 2), (entitlement.Status, entitlement.Quantity)));

        story.Reports(2, EntitlementStatus.Active, atMinute: 3).Reports(2, EntitlementStatus.Active, atMinute: 4);

        Assert.Equal(Minute(3), story.State.Entitlements[1].GrantedAt);
        Assert.Single(story.Told, EventType.EntitlementApplied);
        Assert.Equal([1], Order.ToApply(story.State).Select(entitlement => entitlement.Number));
    }

    [Fact]
    public void One_that_failed_is_told_with_its_reason_and_may_succeed_later()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2, confirmations: 1)
            .Reports(1, EntitlementStatus.Failed, atMinute: 3, "no such handler");
        Assert.Contains("\"error\":\"no such handler\"", story.Events[^1].Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Order.ToApply(story.State), entitlement => entitlement.Number == 1);

        story.Reports(1, EntitlementStatus.Active, atMinute: 9);
        Assert.Equal(EntitlementStatus.Active, story.State.Entitlements[0].Status);
        Assert.Equal([EventType.EntitlementFailed, EventType.EntitlementApplied], story.Told.TakeLast(2));
    }

    [Fact]
    public void An_outcome_of_nothing_that_was_bought_changes_nothing()
    {
        var story = new OrderStory();

        Assert.Equal(OrderEffect.Nothing, Order.Decide(story.State, new EntitlementOutcome(1, EntitlementStatus.Active, Start, null), Start).Effect);
    }
}
