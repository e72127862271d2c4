using Microsoft.Extensions.Logging.Abstractions;
using OpenBitum.Money;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Chains;

/// <summary>
/// A follower with a real store below it and listeners that only write down what they hear. Killed and started again it finds what
/// was durable, and nothing else.
/// </summary>
internal sealed class FollowerRig : IAsyncDisposable
{
    private readonly FeatureHost host;
    private readonly FollowerRecord record = new();
    private readonly TaskScheduler turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private int claims;

    private FollowerRig(FeatureHost host, ManualClock clock, Chain chain, IChain? node)
    {
        this.host = host;
        Clock = clock;
        Chain = chain;
        Node = new BendableChain(node ?? new SandboxChain(host.Database));
        Restart();
    }

    public ManualClock Clock { get; }

    public Chain Chain { get; }

    /// <summary>The node, which a test may bend.</summary>
    public BendableChain Node { get; }

    public Follower Follower { get; private set; } = null!;

    public ISandboxChainGrain Sandbox => host.Grains.GetGrain<ISandboxChainGrain>(ISandboxChainGrain.Key);

    /// <summary>Every telling, in order.</summary>
    public List<(string Listener, PaymentsObserved Told)> Told { get; } = [];

    /// <summary>What a listener does instead of storing what it hears.</summary>
    public Dictionary<string, Func<Task<Heard>>> Instead { get; } = [];

    public int ConfirmationsWanted { get; set; } = 2;

    /// <summary>The store refuses the follower's record from here on.</summary>
    public bool RefusesRecord
    {
        set => record.Refuses = value;
    }

    public static Task<FollowerRig> Start() => Start(SandboxChain(), null);

    /// <param name="chain">Its id decides which scripts and rows are its own.</param>
    /// <param name="node">Null: the sandbox chain.</param>
    public static async Task<FollowerRig> Start(Chain chain, IChain? node)
    {
        var clock = new ManualClock();
        return new FollowerRig(await FeatureHost.Start(clock), clock, chain, node);
    }

    public static Chain SandboxChain(string network = "testnet", int? staleTipSeconds = null) =>
        new("SANDBOX", network, Asset.Sandbox, 1, 3_000) { Follow = new FollowOptions(1_000, 30, staleTipSeconds) };

    /// <summary>A follower that has nothing in memory.</summary>
    public void Restart()
    {
        record.Forget();
        Follower = new Follower(Chain, Node, host.Database, record, Hear, Clock, NullLogger.Instance);
    }

    /// <summary>One look, one step at a time, as on an activation.</summary>
    public Task<string?> Look() => Task.Factory.StartNew(
        () => Follower.Look(CancellationToken.None), CancellationToken.None, TaskCreationOptions.None, turns).Unwrap();

    /// <summary>One look a second, as the grain does it.</summary>
    public async Task<string?> NextLook()
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        return await Look();
    }

    /// <summary>Claims a script and has it watched; answers it.</summary>
    public async Task<string> Watch(string listener, string? script = null, DateTimeOffset? since = null, bool isClaimed = false)
    {
        script = isClaimed ? script! : await Claim(listener, script);
        Follower.Watch(new WatchScript(script, listener, since ?? Clock.GetUtcNow().AddMinutes(1)));
        return script;
    }

    public async Task<string> Claim(string listener, string? script = null)
    {
        var number = ++claims;
        script ??= "0014" + number.ToString("x40", System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(await host.Database.Write(
            session => ScriptRows.Claim(session, Chain.Id, script, listener, "key", number, Clock.GetUtcNow())));
        return script;
    }

    /// <summary>Puts a transaction that was dropped back into the mempool.</summary>
    public Task Unconfirmed(SandboxTransaction transaction) => host.Database.Write(async session =>
    {
        await SandboxRows.Insert(session, await SandboxRows.Next(session, "transaction"), transaction);
        return true;
    });

    /// <summary>Mines a transaction that was dropped.</summary>
    public async Task Mined(SandboxTransaction transaction)
    {
        await Unconfirmed(transaction);
        await Sandbox.Mine(1);
    }

    /// <summary>The last snapshot a listener got, as `state confirmations atoms`.</summary>
    public IEnumerable<string> Last(string listener) => Told.Last(told => told.Listener == listener).Told.Payments
        .Select(payment => $"{payment.State} {payment.Confirmations} {payment.Atoms}");

    public Task<T> Read<T>(Func<SqlSession, Task<T>> query) => host.Database.Read(query);

    public async ValueTask DisposeAsync()
    {
        await Follower.Finish();
        await host.DisposeAsync();
    }

    private async Task<Heard> Hear(string listener, PaymentsObserved observed)
    {
        await Task.Yield();
        if (Instead.TryGetValue(listener, out var instead))
        {
            return await instead();
        }

        Told.Add((listener, observed));
        return new Heard(ConfirmationsWanted);
    }
}
