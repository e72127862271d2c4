namespace OpenBitum.Chains;

/// <summary>Payments on the sandbox chain, and what their listeners are told.</summary>
public sealed class FollowerTests : IAsyncLifetime
{
    private const string Order = "ord_1";

    private FollowerRig rig = null!;

    public async ValueTask InitializeAsync() => rig = await FollowerRig.Start();

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task A_payment_is_seen_then_confirmed_then_told_no_more()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        await Pay(script, 700, 0);
        Assert.Null(await rig.NextLook());
        Assert.Equal(["Seen 0 700"], rig.Last(Order));

        await rig.NextLook();
        Assert.Single(rig.Told);

        await rig.Sandbox.Mine(1);
        await rig.NextLook();
        Assert.Equal(["Confirmed 1 700"], rig.Last(Order));
        await rig.Sandbox.Mine(1);
        await rig.NextLook();
        Assert.Equal(["Confirmed 2 700"], rig.Last(Order));

        await rig.Sandbox.Mine(1);
        await rig.NextLook();
        Assert.Equal(3, rig.Told.Count);
        Assert.False(rig.Follower.IsUnheard(Order));
    }

    [Fact]
    public async Task Seen_through_is_the_start_of_the_last_complete_look_and_told_with_it()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        var paid = await Pay(script, 700, 0);
        await rig.NextLook();
        var seenAt = rig.Clock.GetUtcNow();

        Assert.Equal(seenAt, rig.Follower.SeenThrough);
        var told = Assert.Single(rig.Told).Told;
        Assert.Equal((seenAt, "SANDBOX"), (told.SeenThrough, told.Chain));
        Assert.Equal(
            new ObservedPayment(paid.PaymentId, script, "SANDBOX", 700, seenAt, ObservedState.Seen, 0, null, null), Assert.Single(told.Payments));

        rig.Node.IsDown = true;
        await Assert.ThrowsAsync<ChainUnavailableException>(rig.NextLook);
        Assert.Equal(seenAt, rig.Follower.SeenThrough);
    }

    [Fact]
    public async Task Nothing_is_told_of_scripts_that_nobody_claimed()
    {
        await rig.Look();
        rig.Follower.Watch(new WatchScript("0014" + new string('a', 40), Order, rig.Clock.GetUtcNow().AddMinutes(1)));
        await Pay("0014" + new string('a', 40), 700, 1);
        await rig.NextLook();

        Assert.Empty(rig.Told);
    }

    [Fact]
    public async Task Following_begins_at_the_tip()
    {
        var script = await rig.Claim(Order);
        await Pay(script, 700, 3);
        await rig.Look();

        Assert.Equal(3, rig.Follower.Height);
        Assert.Empty(rig.Told);

        await Pay(script, 800, 1);
        await rig.NextLook();
        Assert.Equal(["Confirmed 1 800"], rig.Last(Order));
    }

    [Fact]
    public async Task After_a_pause_every_block_is_read_and_then_the_mempool()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        var other = await rig.Watch("ord_2");
        rig.Clock.Advance(TimeSpan.FromMinutes(10));
        await Pay(script, 700, 1);
        await rig.Sandbox.Mine(60);
        await Pay(other, 800, 0);
        rig.Clock.Advance(TimeSpan.FromHours(5));
        rig.Restart();

        Assert.Null(await rig.Look());

        Assert.Equal(61, rig.Follower.Height);
        Assert.Equal(["Seen 0 800"], rig.Last("ord_2"));
        var first = rig.Told.First(told => told.Listener == Order).Told.Payments.Single();
        Assert.Equal((ObservedState.Confirmed, 1L), (first.State, first.BlockHeight));
        Assert.Equal(rig.Clock.GetUtcNow().AddHours(-5), first.FirstSeenAt);
    }

    [Fact]
    public async Task A_replaced_transaction_stops_counting_within_one_look_and_its_rival_counts()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        var paid = await Pay(script, 700, 0);
        await rig.NextLook();

        await rig.Sandbox.Replace(paid.TxId, 650);
        await rig.NextLook();

        Assert.Equal(["Replaced 0 700", "Seen 0 650"], rig.Last(Order).Order());
    }

    [Fact]
    public async Task A_dropped_transaction_stops_counting_within_one_look_and_counts_again_when_it_returns()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        var paid = await Pay(script, 700, 0);
        await rig.NextLook();
        var seenAt = rig.Clock.GetUtcNow();
        var raw = (await rig.Read(session => ReadModel.SandboxRows.Find(session, paid.TxId)))!.Value.Transaction;

        await rig.Sandbox.Drop(paid.TxId);
        await rig.NextLook();
        Assert.Equal(["Replaced 0 700"], rig.Last(Order));

        await rig.Mined(raw);
        await rig.NextLook();
        Assert.Equal(["Confirmed 1 700"], rig.Last(Order));
        Assert.Equal(seenAt, rig.Told[^1].Told.Payments.Single().FirstSeenAt);
    }

    [Fact]
    public async Task A_reorg_that_keeps_the_payment_recounts_its_depth()
    {
        rig.ConfirmationsWanted = 5;
        await rig.Look();
        var script = await rig.Watch(Order);
        await Pay(script, 700, 3);
        await rig.NextLook();
        Assert.Equal(["Confirmed 3 700"], rig.Last(Order));

        await rig.Sandbox.Reorg(3, keep: true);
        await rig.NextLook();

        Assert.Equal(["Confirmed 4 700"], rig.Last(Order));
        Assert.DoesNotContain(rig.Told, told => told.Told.Payments.Any(payment => payment.State is ObservedState.Orphaned));
    }

    [Fact]
    public async Task A_settled_payment_that_a_reorg_loses_is_reported_and_reported_again_when_it_returns()
    {
        rig.ConfirmationsWanted = 1;
        await rig.Look();
        var script = await rig.Watch(Order);
        var paid = await Pay(script, 700, 1);
        await rig.NextLook();
        var raw = (await rig.Read(session => ReadModel.SandboxRows.Find(session, paid.TxId)))!.Value.Transaction;

        await rig.Sandbox.Reorg(1, keep: false);
        await rig.NextLook();
        Assert.Equal(["Orphaned 0 700"], rig.Last(Order));

        await rig.Mined(raw);
        await rig.NextLook();
        Assert.Equal(["Confirmed 1 700"], rig.Last(Order));
    }

    [Fact]
    public async Task A_payment_of_a_lost_block_that_waits_in_the_mempool_is_seen()
    {
        rig.ConfirmationsWanted = 1;
        await rig.Look();
        var script = await rig.Watch(Order);
        var paid = await Pay(script, 700, 1);
        await rig.NextLook();
        var raw = (await rig.Read(session => ReadModel.SandboxRows.Find(session, paid.TxId)))!.Value.Transaction;

        await rig.Sandbox.Reorg(1, keep: false);
        await rig.Unconfirmed(raw);
        await rig.NextLook();

        Assert.Equal(["Seen 0 700"], rig.Last(Order));
        Assert.DoesNotContain(rig.Told, told => told.Told.Payments.Any(payment => payment.State is ObservedState.Orphaned));
    }

    [Fact]
    public async Task A_block_that_comes_between_its_predecessors_and_the_mempool_does_not_look_like_a_dropped_payment()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        await Pay(script, 700, 0);
        await rig.NextLook();

        rig.Node.BeforeMempool = () => rig.Sandbox.Mine(1);
        Assert.Null(await rig.NextLook());

        Assert.Equal(["Seen 0 700", "Confirmed 1 700"], rig.Told.SelectMany(told => told.Told.Payments).Select(
            payment => $"{payment.State} {payment.Confirmations} {payment.Atoms}"));
    }

    [Fact]
    public async Task A_script_that_joins_late_is_looked_up_in_what_was_read_since_its_order_was_made()
    {
        await rig.Look();
        var since = rig.Clock.GetUtcNow().AddSeconds(1);
        var inBlock = await rig.Claim(Order);
        var inMempool = await rig.Claim("ord_2");
        var tooOld = await rig.Claim("ord_3");
        await Pay(tooOld, 900, 1);
        await rig.NextLook();
        rig.Clock.Advance(TimeSpan.FromHours(1));
        await Pay(inBlock, 700, 2);
        await Pay(inMempool, 800, 0);
        await rig.NextLook();
        Assert.Empty(rig.Told);

        await rig.Watch(Order, inBlock, since, isClaimed: true);
        await rig.Watch("ord_2", inMempool, since, isClaimed: true);
        await rig.NextLook();
        await rig.Watch("ord_3", tooOld, rig.Clock.GetUtcNow().AddMinutes(-10), isClaimed: true);
        await rig.NextLook();

        Assert.Equal(["Confirmed 2 700"], rig.Last(Order));
        Assert.Equal(["Seen 0 800"], rig.Last("ord_2"));
        Assert.DoesNotContain(rig.Told, told => told.Listener == "ord_3");
    }

    [Fact]
    public async Task A_script_that_joins_later_than_the_journal_reaches_is_looked_up_below_it()
    {
        await rig.Look();
        var since = rig.Clock.GetUtcNow();
        var script = await rig.Claim(Order);
        await Pay(script, 700, 1);
        for (var look = 0; look < 3; look++)
        {
            rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await rig.Sandbox.Mine(50);
            await rig.Look();
        }

        await rig.Watch(Order, script, since, isClaimed: true);
        await rig.NextLook();

        Assert.Equal(["Confirmed 151 700"], rig.Last(Order));
    }

    [Fact]
    public async Task A_thousand_listeners_paid_by_one_block_are_told_before_the_cursor_moves()
    {
        await rig.Look();
        var scripts = new List<string>();
        for (var number = 0; number < 1_000; number++)
        {
            scripts.Add(await rig.Watch($"ord_{number:d4}"));
        }

        await Task.WhenAll(scripts.Select(script => Pay(script, 700, 0)));
        await rig.Sandbox.Mine(1);
        await rig.NextLook();

        Assert.Equal(1_000, rig.Told.Count);
        Assert.Equal(1_000, rig.Told.Select(told => told.Listener).Distinct().Count());
        Assert.Equal(1_000, rig.Told.Select(told => told.Told.Look).Distinct().Count());
    }

    private Task<SandboxPaid> Pay(string script, long atoms, int confirmations) =>
        rig.Sandbox.Pay(new SandboxPay(script, atoms, confirmations));
}
