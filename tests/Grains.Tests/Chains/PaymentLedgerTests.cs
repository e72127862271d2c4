using System.Collections.Immutable;

namespace OpenBitum.Chains;

public sealed class PaymentLedgerTests
{
    private const string Order = "ord_1";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ScannedOutput Output = new(new string('a', 64) + ":0", "0014", 5_000);

    private readonly PaymentLedger ledger = new("BTC");

    [Fact]
    public void A_payment_is_unheard_until_its_listener_has_stored_just_what_was_told()
    {
        ledger.Deepen(100);
        Meet(null, Noon);
        var told = ledger.Snapshot(Order);
        Meet(Block(101, Noon), Noon);
        ledger.Deepen(101);

        Hear(told, wanted: 2);
        Assert.Equal([Order], ledger.Unheard(includeOrphaned: true));

        Hear(ledger.Snapshot(Order), wanted: 2);
        Assert.Empty(ledger.Unheard(includeOrphaned: true));
        Assert.False(ledger.IsUnheard(Order));
    }

    [Fact]
    public void Depth_is_recounted_at_every_block_and_told_until_it_is_what_the_listener_wants()
    {
        Meet(Block(101, Noon), Noon);
        ledger.Deepen(101);
        Assert.Equal(1, Assert.Single(ledger.Snapshot(Order)).Confirmations);
        Hear(ledger.Snapshot(Order), wanted: 3);

        ledger.Deepen(102);
        Assert.Equal(2, Assert.Single(ledger.Snapshot(Order)).Confirmations);
        Assert.Equal([Order], ledger.Unheard(true));
        Hear(ledger.Snapshot(Order), wanted: 3);

        ledger.Deepen(103);
        Hear(ledger.Snapshot(Order), wanted: 3);
        Assert.Equal(0, ledger.Count);

        ledger.Deepen(104);
        Assert.Empty(ledger.Unheard(true));
        Assert.True(Assert.Single(ledger.TakeChanges()).IsSettled);
    }

    [Fact]
    public void First_seen_is_our_clock_or_an_earlier_block_and_never_changes()
    {
        Meet(null, Noon);
        Meet(Block(101, Noon.AddHours(-1)), Noon.AddMinutes(1));
        ledger.Meet(Output with { Id = new string('b', 64) + ":1" }, Order, null, Block(101, Noon.AddHours(-1)), Noon.AddMinutes(1));
        ledger.Meet(Output with { Id = new string('c', 64) + ":1" }, Order, null, Block(102, Noon.AddHours(1)), Noon.AddMinutes(1));

        Assert.Equal([Noon, Noon.AddHours(-1), Noon.AddMinutes(1)], ledger.Snapshot(Order).Select(payment => payment.FirstSeenAt));
    }

    [Fact]
    public void An_unconfirmed_payment_that_left_the_mempool_is_replaced_and_may_return()
    {
        Meet(null, Noon);
        ledger.Compare(_ => true, Noon);
        Assert.Equal(ObservedState.Seen, State());

        ledger.Compare(_ => false, Noon);
        Assert.Equal(ObservedState.Replaced, State());
        Hear(ledger.Snapshot(Order), wanted: 1);
        var row = Assert.Single(ledger.TakeChanges());
        Assert.Equal(0, ledger.Count);

        ledger.Meet(Output, Order, row, null, Noon.AddMinutes(5));
        Assert.Equal(ObservedState.Seen, State());
        Assert.Equal(Noon, Assert.Single(ledger.Snapshot(Order)).FirstSeenAt);
        Assert.True(ledger.IsUnheard(Order));
    }

    [Fact]
    public void A_payment_of_a_lost_block_waits_to_be_met_again_before_anybody_is_told()
    {
        Meet(Block(101, Noon), Noon);
        ledger.Deepen(101);
        Hear(ledger.Snapshot(Order), wanted: 1);
        var settled = Assert.Single(ledger.TakeChanges());

        ledger.RollBack([settled], fork: 100, Noon);
        Assert.Equal(ObservedState.Orphaned, State());
        Assert.Empty(ledger.Unheard(includeOrphaned: false));
        Assert.Equal([Order], ledger.Unheard(includeOrphaned: true));

        Meet(Block(102, Noon), Noon);
        ledger.Deepen(103);
        Assert.Equal([Order], ledger.Unheard(includeOrphaned: false));
        Assert.Equal((ObservedState.Confirmed, 2), (State(), Assert.Single(ledger.Snapshot(Order)).Confirmations));
    }

    [Theory]
    [InlineData(true, ObservedState.Seen)]
    [InlineData(false, ObservedState.Orphaned)]
    public void A_payment_of_a_lost_block_is_seen_if_the_mempool_has_it_and_orphaned_if_not(bool isUnconfirmed, ObservedState expected)
    {
        Meet(Block(101, Noon), Noon);
        ledger.RollBack([], fork: 100, Noon);

        ledger.Compare(_ => isUnconfirmed, Noon);

        Assert.Equal(expected, State());
        Assert.Equal(0, Assert.Single(ledger.Snapshot(Order)).Confirmations);
    }

    [Fact]
    public void A_stale_listing_of_the_mempool_does_not_undo_a_block()
    {
        Meet(Block(101, Noon), Noon);
        Meet(null, Noon);

        Assert.Equal(ObservedState.Confirmed, State());
    }

    [Fact]
    public void Meeting_the_same_again_changes_nothing()
    {
        Meet(Block(101, Noon), Noon);
        ledger.TakeChanges();

        Meet(Block(101, Noon), Noon.AddMinutes(1));

        Assert.False(ledger.HasChanges);
    }

    [Fact]
    public void Changes_that_could_not_be_written_are_taken_back_behind_newer_ones()
    {
        Meet(null, Noon);
        var unwritten = ledger.TakeChanges();
        Meet(Block(101, Noon), Noon);
        ledger.Restore(unwritten);

        Assert.Equal(ObservedState.Confirmed, Assert.Single(ledger.TakeChanges()).State);
    }

    [Fact]
    public void Listeners_hear_only_of_their_own()
    {
        Meet(null, Noon);
        ledger.Meet(Output with { Id = new string('b', 64) + ":0" }, "ord_2", null, null, Noon);

        Assert.Equal(["ord_1", "ord_2"], ledger.Unheard(true));
        Assert.Equal(Output.Id, Assert.Single(ledger.Snapshot(Order)).Id);
        Assert.Empty(ledger.Snapshot("ord_3"));
    }

    private static ChainHeader Block(long height, DateTimeOffset time) => new(height, $"hash {height}", "", time);

    private void Meet(ChainHeader? block, DateTimeOffset at) => ledger.Meet(Output, Order, null, block, at);

    private void Hear(ImmutableArray<ObservedPayment> told, int wanted) => ledger.Heard(Order, told, wanted);

    private ObservedState State() => Assert.Single(ledger.Snapshot(Order)).State;
}
