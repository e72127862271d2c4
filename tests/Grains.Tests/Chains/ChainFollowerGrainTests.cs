using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Chains;

/// <summary>The grain around the follower: its turns, its timer, its health and its restarts.</summary>
public sealed class ChainFollowerGrainTests : IAsyncLifetime
{
    private const string Order = "ord_1";
    private const string Script = "00140000000000000000000000000000000000000001";

    private readonly ManualClock clock = new();
    private readonly ConcurrentQueue<(string Listener, PaymentsObserved Told)> told = new();
    private BendableChain node = null!;
    private FeatureHost host = null!;
    private Exception? refusal;
    private bool isDownAtFirst;

    private IChainFollowerGrain Follower => host.Grains.GetGrain<IChainFollowerGrain>(ChainCatalog.Sandbox);

    private ISandboxChainGrain Sandbox => host.Grains.GetGrain<ISandboxChainGrain>(ISandboxChainGrain.Key);

    public async ValueTask InitializeAsync() => host = await FeatureHost.Start(clock, silo =>
    {
        silo.Services.AddKeyedSingleton<IChain>(
            ChainCatalog.Sandbox, (services, _) => node = new BendableChain(new SandboxChain(services.GetRequiredService<IDatabase>()))
            {
                IsDown = isDownAtFirst,
            });
        silo.AddIncomingGrainCallFilter(Hear);
    });

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task A_look_tells_listeners_before_it_is_answered()
    {
        await Follower.Look();
        await Claim();
        await Follower.Watch(new WatchScript(Script, Order, clock.GetUtcNow()));
        await Sandbox.Pay(new SandboxPay(Script, 700, 1));

        await Follower.Look();

        Assert.Equal((Order, 700), (told.Single().Listener, (long)told.Single().Told.Payments.Single().Atoms));
        Assert.Equal(clock.GetUtcNow(), await Follower.SeenThrough(Order));
    }

    [Fact]
    public async Task The_timer_looks_by_itself_once_an_interval()
    {
        await Follower.Look();
        await Claim();
        await Follower.Watch(new WatchScript(Script, Order, clock.GetUtcNow()));
        await Sandbox.Pay(new SandboxPay(Script, 700, 0));

        clock.Advance(TimeSpan.FromSeconds(1));

        await Eventually.Reads(() => Task.FromResult(told.Count), count => count == 1);
    }

    [Fact]
    public async Task A_chain_without_a_complete_look_is_degraded_after_a_while_and_ready_at_the_next_one()
    {
        await Follower.Look();
        var seenThrough = clock.GetUtcNow();
        node.IsDown = true;
        clock.Advance(TimeSpan.FromSeconds(30));
        await Follower.Look();
        Assert.Equal(new ChainStatus(ChainHealth.Ready, 0, 0, seenThrough, null), await Follower.Status());

        clock.Advance(TimeSpan.FromSeconds(1));
        await Follower.Look();
        Assert.Equal(
            new ChainStatus(ChainHealth.Degraded, 0, 0, seenThrough, ChainFault.NodeUnreachable), await Follower.Status());

        node.IsDown = false;
        await Sandbox.Mine(2);
        await Follower.Look();
        Assert.Equal(new ChainStatus(ChainHealth.Ready, 2, 2, clock.GetUtcNow(), null), await Follower.Status());
    }

    [Fact]
    public async Task No_address_is_offered_before_the_block_is_known_from_which_on_all_is_read()
    {
        isDownAtFirst = true;
        var before = await Follower.Status();
        Assert.Equal((ChainHealth.Degraded, ChainFault.NodeUnreachable), (before.Status, before.Reason));

        // A block that comes in between is where following begins, so nobody must have been asked to pay in it.
        await Sandbox.Mine(3);
        node.IsDown = false;
        Assert.Equal((ChainHealth.Ready, 3), ((await Follower.Status()).Status, (await Follower.Status()).Height));
    }

    [Fact]
    public async Task A_node_of_another_chain_is_degraded_at_once()
    {
        await Follower.Look();
        node.BendTip = tip => tip with { Genesis = new string('0', 64) };
        await Follower.Look();

        var status = await Follower.Status();
        Assert.Equal((ChainHealth.Degraded, ChainFault.WrongGenesis), (status.Status, status.Reason));

        node.BendTip = tip => tip;
        await Follower.Look();
        Assert.Equal(ChainHealth.Ready, (await Follower.Status()).Status);
    }

    [Fact]
    public async Task Looks_asked_for_while_one_runs_share_the_next_and_nothing_else_waits_for_them()
    {
        await Follower.Look();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var tips = 0;
        node.BeforeMempool = async () =>
        {
            entered.SetResult();
            await release.Task;
        };
        node.BendTip = tip =>
        {
            Interlocked.Increment(ref tips);
            return tip;
        };
        var first = Follower.Look();
        await entered.Task;

        var shared = Enumerable.Range(0, 10).Select(_ => Follower.Look()).ToList();
        await Claim();
        await Follower.Watch(new WatchScript(Script, Order, clock.GetUtcNow()));
        await Sandbox.Pay(new SandboxPay(Script, 700, 0));
        Assert.Equal(ChainHealth.Ready, (await Follower.Status()).Status);
        await Follower.Start();
        Assert.False(first.IsCompleted);

        release.SetResult();
        await first;
        await Task.WhenAll(shared);
        Assert.Equal(2, tips);
        Assert.Single(told);
    }

    [Fact]
    public async Task A_listener_that_has_not_heard_of_its_payment_is_not_seen_through()
    {
        await Follower.Look();
        await Claim();
        await Follower.Watch(new WatchScript(Script, Order, clock.GetUtcNow()));
        await Sandbox.Pay(new SandboxPay(Script, 700, 0));
        refusal = new InvalidOperationException("A bug in an order.");
        await Follower.Look();

        Assert.Null(await Follower.SeenThrough(Order));
        Assert.Equal(clock.GetUtcNow(), await Follower.SeenThrough("ord_2"));
        Assert.Equal(clock.GetUtcNow(), (await Follower.Status()).SeenThrough);

        // No further than to the retry: one that a look begins while time still moves must not be given up by it.
        refusal = null;
        clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.Reads(
            async () =>
            {
                await Follower.Look();
                return await Follower.SeenThrough(Order);
            },
            seen => seen is not null);

        // Its own retry and the look may both tell it: at least once.
        Assert.Equal([Order], told.Select(heard => heard.Listener).Distinct());
    }

    [Fact]
    public async Task Killed_and_started_again_it_reads_on_from_the_cursor()
    {
        await Follower.Start();
        await Follower.Look();
        await Claim();
        await host.Silo.Kill();
        await host.Silo.Start();
        await Sandbox.Pay(new SandboxPay(Script, 700, 3));
        await Follower.Look();

        Assert.Equal(["Confirmed 3"], told.Select(heard => $"{heard.Told.Payments.Single().State} {heard.Told.Payments.Single().Confirmations}"));
        var look = told.Single().Told.Look;

        await host.Silo.Kill();
        await host.Silo.Start();
        await Sandbox.Pay(new SandboxPay(Script, 800, 0));
        await Follower.Look();
        Assert.True(told.Last().Told.Look > look);
    }

    [Fact]
    public async Task A_chain_that_is_not_configured_is_degraded_and_left_alone()
    {
        var absent = host.Grains.GetGrain<IChainFollowerGrain>("BTC");
        await absent.Start();
        await absent.Look();
        await absent.Watch(new WatchScript(Script, Order, clock.GetUtcNow()));

        Assert.Equal((ChainHealth.Degraded, "not_configured"), ((await absent.Status()).Status, (await absent.Status()).Reason));
        Assert.Equal(NodeDerivationStatus.Unreachable, (await absent.DeriveAddresses("wpkh(x)", 1)).Status);
        Assert.Equal(NodeDerivationStatus.NoNode, (await Follower.DeriveAddresses("wpkh(x)", 1)).Status);
    }

    private Task<bool> Claim() => host.Database.Write(
        session => ScriptRows.Claim(session, ChainCatalog.Sandbox, Script, Order, "key", 0, clock.GetUtcNow()));

    /// <summary>Stands in for the order, which would have to exist.</summary>
    private Task Hear(IIncomingGrainCallContext call)
    {
        if (call.InterfaceMethod.Name != nameof(IPaymentListener.Hear))
        {
            return call.Invoke();
        }

        if (refusal is not null)
        {
            return Task.FromException(refusal);
        }

        told.Enqueue((call.TargetId.Key.ToString()!, (PaymentsObserved)call.Request.GetArgument(0)!));
        call.Result = new Heard(2);
        return Task.CompletedTask;
    }
}
