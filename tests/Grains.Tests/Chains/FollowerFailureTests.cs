namespace OpenBitum.Chains;

/// <summary>What goes wrong: listeners, the store, the node, and the follower itself.</summary>
public sealed class FollowerFailureTests : IAsyncLifetime
{
    private const string Order = "ord_1";

    private FollowerRig rig = null!;

    public async ValueTask InitializeAsync() => rig = await FollowerRig.Start();

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task A_listener_that_fails_is_retried_alone_and_holds_neither_the_cursor_nor_the_others()
    {
        await rig.Look();
        var broken = await rig.Watch("ord_broken");
        var sound = await rig.Watch(Order);
        rig.Instead["ord_broken"] = () => throw new InvalidOperationException("A bug in an order.");
        await Pay(broken, 600, 1);
        await Pay(sound, 700, 1);

        Assert.Null(await rig.NextLook());
        Assert.Equal(2, rig.Follower.Height);
        Assert.Equal(["Confirmed 1 700"], rig.Last(Order));
        Assert.True(rig.Follower.IsUnheard("ord_broken"));
        Assert.False(rig.Follower.IsUnheard(Order));

        rig.Instead.Clear();
        await Retried("ord_broken");
        Assert.Equal(["Confirmed 2 600"], rig.Last("ord_broken"));
        Assert.False(rig.Follower.IsUnheard("ord_broken"));
        Assert.Single(rig.Told, told => told.Listener == Order);
    }

    [Fact]
    public async Task A_listener_that_hangs_is_left_to_the_retries_after_a_while()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        var never = new TaskCompletionSource<Heard>();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Instead[Order] = () =>
        {
            told.SetResult();
            return never.Task;
        };
        await Pay(script, 700, 1);

        var look = rig.Look();
        await told.Task;
        rig.Clock.Advance(FollowOptions.HearTimeout - TimeSpan.FromTicks(1));
        Assert.False(look.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromTicks(1));

        Assert.Null(await look);
        Assert.Equal(1, rig.Follower.Height);
        Assert.True(rig.Follower.IsUnheard(Order));

        rig.Instead.Clear();
        await Retried(Order);
        Assert.Equal(["Confirmed 1 700"], rig.Last(Order));
    }

    [Fact]
    public async Task A_kill_before_anybody_was_told_tells_it_after_the_restart()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        rig.Instead[Order] = () => throw new IOException("Killed.");
        await Pay(script, 700, 1);
        await rig.NextLook();

        rig.Instead.Clear();
        rig.Restart();
        await rig.NextLook();

        Assert.Equal(["Confirmed 1 700"], rig.Last(Order));
    }

    [Fact]
    public async Task A_kill_before_the_cursor_moved_reads_the_block_again_and_says_nothing_new()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        await Pay(script, 700, 1);
        rig.RefusesRecord = true;
        await Assert.ThrowsAsync<IOException>(rig.NextLook);
        var first = Assert.Single(rig.Told).Told;

        rig.RefusesRecord = false;
        rig.Restart();
        await rig.NextLook();

        Assert.Equal(1, rig.Follower.Height);
        Assert.All(rig.Told, told => Assert.Equal(first.Payments.AsEnumerable(), told.Told.Payments));
        Assert.True(rig.Told.Select(told => told.Told.Look).Zip(rig.Told.Skip(1).Select(told => told.Told.Look)).All(pair => pair.First < pair.Second));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_block_that_was_written_and_not_passed_and_then_lost_to_a_reorg_leaves_no_money_behind(bool isKilled)
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        await Pay(script, 700, 1);
        rig.RefusesRecord = true;
        await Assert.ThrowsAsync<IOException>(rig.NextLook);
        Assert.Equal(["Confirmed 1 700"], rig.Last(Order));

        await rig.Sandbox.Reorg(1, keep: false);
        rig.RefusesRecord = false;
        if (isKilled)
        {
            rig.Restart();
        }

        Assert.Null(await rig.NextLook());

        Assert.Equal(2, rig.Follower.Height);
        Assert.Equal(["Orphaned 0 700"], rig.Last(Order));
    }

    [Fact]
    public async Task A_kill_in_the_middle_of_a_reorg_ends_on_the_new_branch()
    {
        rig.ConfirmationsWanted = 1;
        await rig.Look();
        var script = await rig.Watch(Order);
        await Pay(script, 700, 2);
        await rig.NextLook();
        await rig.Sandbox.Reorg(2, keep: false);
        rig.RefusesRecord = true;
        await Assert.ThrowsAsync<IOException>(rig.NextLook);

        rig.RefusesRecord = false;
        rig.Restart();
        Assert.Null(await rig.NextLook());

        Assert.Equal(3, rig.Follower.Height);
        Assert.Equal(["Orphaned 0 700"], rig.Last(Order));
    }

    [Fact]
    public async Task A_record_that_could_not_be_written_is_read_again_and_following_goes_on()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        await Pay(script, 700, 1);
        rig.RefusesRecord = true;
        await Assert.ThrowsAsync<IOException>(rig.NextLook);
        Assert.Equal(0, rig.Follower.Height);

        rig.RefusesRecord = false;
        Assert.Null(await rig.NextLook());

        Assert.Equal(1, rig.Follower.Height);
        Assert.Equal(["Confirmed 1 700"], rig.Last(Order));
    }

    [Fact]
    public async Task The_numbers_of_snapshots_grow_across_restarts()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        for (var restart = 0; restart < 3; restart++)
        {
            await Pay(script, 700 + restart, 1);
            await rig.NextLook();
            rig.Restart();
        }

        var numbers = rig.Told.Select(told => told.Told.Look).ToList();
        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(numbers.Distinct(), numbers);
    }

    [Fact]
    public async Task A_payment_that_vanished_while_the_service_was_down_is_reported_after_the_restart()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        var paid = await Pay(script, 700, 0);
        await rig.NextLook();

        await rig.Sandbox.Drop(paid.TxId);
        rig.Restart();
        await rig.NextLook();

        Assert.Equal(["Replaced 0 700"], rig.Last(Order));
    }

    [Fact]
    public async Task Another_block_0_is_another_chain()
    {
        await rig.Look();
        await rig.Sandbox.Mine(1);
        rig.Node.BendTip = tip => tip with { Genesis = new string('0', 64) };

        Assert.Equal(ChainFault.WrongGenesis, (await Assert.ThrowsAsync<ChainUnavailableException>(rig.NextLook)).Reason);
        Assert.Equal(0, rig.Follower.Height);

        rig.Node.BendTip = tip => tip;
        Assert.Null(await rig.NextLook());
        Assert.Equal(1, rig.Follower.Height);
    }

    [Fact]
    public async Task A_missing_block_stops_the_cursor_below_it_until_it_is_there()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        await rig.Sandbox.Mine(1);
        await Pay(script, 700, 1);
        rig.Node.LacksBlock = header => header.Height == 2;

        Assert.Equal(ChainFault.BlockMissing, (await Assert.ThrowsAsync<ChainUnavailableException>(rig.NextLook)).Reason);
        Assert.Empty(rig.Told);

        rig.Node.LacksBlock = _ => false;
        Assert.Null(await rig.NextLook());
        Assert.Equal(["Confirmed 1 700"], rig.Last(Order));
    }

    [Theory]
    [InlineData("mainnet")]
    [InlineData("regtest")]
    public async Task A_tip_that_only_went_back_takes_no_payment_back_except_on_regtest_where_it_is_meant(string network)
    {
        await using var other = await FollowerRig.Start(FollowerRig.SandboxChain(network), null);
        await other.Look();
        var script = await other.Watch(Order);
        await other.Sandbox.Pay(new SandboxPay(script, 700, 1));
        await other.NextLook();
        other.Node.LacksHeight = height => height >= 1;
        other.Node.BendTip = tip => tip with { Height = 0, Hash = tip.Genesis };
        other.Node.BendMempool = listing => listing with { TipHash = SandboxBlock.Genesis.Hash };

        if (network == "regtest")
        {
            Assert.Null(await other.NextLook());
            Assert.Equal(["Orphaned 0 700"], other.Last(Order));
        }
        else
        {
            Assert.Equal(ChainFault.TipWentBack, (await Assert.ThrowsAsync<ChainUnavailableException>(other.NextLook)).Reason);
            Assert.Equal(["Confirmed 1 700"], other.Last(Order));
        }
    }

    [Fact]
    public async Task A_reorg_below_the_journal_waits_for_a_rescan_and_one_above_is_followed()
    {
        await rig.Look();
        await rig.Sandbox.Mine(150);
        await rig.NextLook();

        await rig.Sandbox.Reorg(99, keep: true);
        Assert.Null(await rig.NextLook());
        Assert.Equal(151, rig.Follower.Height);

        await rig.Sandbox.Reorg(100, keep: true);
        Assert.Equal(ChainFault.Rescan, (await Assert.ThrowsAsync<ChainUnavailableException>(rig.NextLook)).Reason);
        Assert.Equal(151, rig.Follower.Height);
    }

    [Fact]
    public async Task A_rescan_follows_the_new_branch_and_tells_what_became_of_every_payment()
    {
        rig.ConfirmationsWanted = 1;
        await rig.Look();
        await rig.Sandbox.Mine(5);
        await rig.NextLook();
        var lost = await rig.Watch(Order);
        await Pay(lost, 700, 1);
        await rig.NextLook();
        await rig.Sandbox.Mine(120);
        await rig.NextLook();
        await rig.Sandbox.Reorg(122, keep: false);
        var kept = await rig.Watch("ord_2");
        await Pay(kept, 800, 1);
        Assert.Equal(ChainFault.Rescan, (await Assert.ThrowsAsync<ChainUnavailableException>(rig.NextLook)).Reason);

        rig.Follower.RescanAtNextLook(2);
        Assert.Null(await rig.NextLook());

        Assert.Equal(128, rig.Follower.Height);
        Assert.Equal(["Confirmed 1 800"], rig.Last("ord_2"));
        Assert.Null(await rig.NextLook());
    }

    [Fact]
    public async Task A_rescan_reports_payments_that_are_no_longer_there_and_finds_what_was_never_read()
    {
        rig.ConfirmationsWanted = 200;
        var early = await rig.Claim("ord_2");
        await Pay(early, 800, 1);
        await rig.Look();
        var script = await rig.Watch(Order);
        await Pay(script, 700, 1);
        await rig.NextLook();
        Assert.DoesNotContain(rig.Told, told => told.Listener == "ord_2");

        rig.Follower.RescanAtNextLook(1);
        Assert.Null(await rig.NextLook());

        Assert.Equal(["Confirmed 2 800"], rig.Last("ord_2"));
        Assert.Equal(["Confirmed 1 700"], rig.Last(Order));
        Assert.DoesNotContain(rig.Told, told => told.Told.Payments.Any(payment => payment.State is ObservedState.Orphaned));
    }

    [Fact]
    public async Task A_rescan_from_above_the_cursor_skips_no_block()
    {
        await rig.Look();
        var script = await rig.Watch(Order);
        await Pay(script, 700, 1);
        await rig.Sandbox.Mine(4);

        rig.Follower.RescanAtNextLook(4);
        Assert.Equal(ChainFault.Rescan, (await Assert.ThrowsAsync<ChainUnavailableException>(rig.NextLook)).Reason);
        Assert.Null(await rig.NextLook());

        Assert.Equal(["Confirmed 5 700"], rig.Last(Order));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task A_rescan_from_where_the_node_has_no_block_is_refused(long from)
    {
        await rig.Sandbox.Mine(3);
        await rig.Look();

        rig.Follower.RescanAtNextLook(from);

        Assert.Equal(ChainFault.Rescan, (await Assert.ThrowsAsync<ChainUnavailableException>(rig.NextLook)).Reason);
        Assert.Null(await rig.NextLook());
    }

    [Fact]
    public async Task A_stale_tip_is_told_of_and_seen_through_stands_still()
    {
        await using var other = await FollowerRig.Start(FollowerRig.SandboxChain("mainnet", staleTipSeconds: 7_200), null);
        await other.Sandbox.Mine(1);
        Assert.Null(await other.Look());
        var seenThrough = other.Follower.SeenThrough;
        var script = await other.Watch(Order);
        await other.Sandbox.Pay(new SandboxPay(script, 700, 0));

        other.Clock.Advance(TimeSpan.FromSeconds(7_201));
        Assert.Equal(ChainFault.StaleTip, await other.Look());

        Assert.Equal(["Seen 0 700"], other.Last(Order));
        Assert.Equal(seenThrough, other.Follower.SeenThrough);
        Assert.Equal(seenThrough, other.Told[^1].Told.SeenThrough);
    }

    /// <summary>Lets time pass until a listener is told again, and looks whether it has heard.</summary>
    private async Task Retried(string listener)
    {
        await rig.NextLook();
        await rig.Follower.Finish();
        await rig.Look();
        Assert.False(rig.Follower.IsUnheard(listener));
    }

    private Task<SandboxPaid> Pay(string script, long atoms, int confirmations) =>
        rig.Sandbox.Pay(new SandboxPay(script, atoms, confirmations));
}
