using OpenBitum.Money;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Chains;

/// <summary>One real node for all tests of the class; each starts from whatever the last one left.</summary>
public sealed class LitecoindFixture : IAsyncLifetime
{
    public Litecoind Node { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Litecoind.Missing is null)
        {
            Node = await Litecoind.Start();
        }
    }

    public ValueTask DisposeAsync() => Node?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>The follower on a real node: what it says is what happened there.</summary>
public sealed class LitecoindTests(LitecoindFixture fixture) : IClassFixture<LitecoindFixture>, IAsyncLifetime
{
    private const string Order = "ord_1";

    private FollowerRig rig = null!;
    private BitcoinChain chain = null!;

    private Litecoind Node => fixture.Node;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Litecoind.Missing is not null, Litecoind.Missing ?? "");
        var options = OptionsOf(Node) with { RpcBatchSize = 50 };
        chain = new BitcoinChain(new BitcoinRpc(BitcoinRpc.Connect(options), options), options.RpcBatchSize);
        var followed = new Chain("LTC", "regtest", Asset.Litecoin, 2, 30_000) { Follow = new FollowOptions(1_000, 30, null) };
        rig = await FollowerRig.Start(followed, chain);
    }

    public async ValueTask DisposeAsync()
    {
        if (rig is not null)
        {
            await rig.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_payment_is_seen_in_the_mempool_and_confirmed_by_blocks()
    {
        await rig.Look();
        var (address, script) = await Watched(Order);
        var paid = await Node.Send(address, 1_234_567);
        Assert.Null(await rig.NextLook());
        Assert.Equal(["Seen 0 1234567"], rig.Last(Order));
        Assert.StartsWith(paid, rig.Told[^1].Told.Payments.Single().Id, StringComparison.Ordinal);
        Assert.Equal(script, rig.Told[^1].Told.Payments.Single().Script);

        var block = Assert.Single(await Node.Mine(1));
        await rig.NextLook();
        Assert.Equal(["Confirmed 1 1234567"], rig.Last(Order));
        var confirmed = rig.Told[^1].Told.Payments.Single();
        var header = await Node.Call("getblockheader", block);
        Assert.Equal(((long)header!["height"]!, (long)header["time"]!), (confirmed.BlockHeight, confirmed.BlockTime!.Value.ToUnixTimeSeconds()));

        await Node.Mine(1);
        await rig.NextLook();
        Assert.Equal(["Confirmed 2 1234567"], rig.Last(Order));
    }

    [Fact]
    public async Task A_bumped_transaction_is_replaced_by_its_successor()
    {
        await rig.Look();
        var (address, _) = await Watched(Order);
        var first = await Node.Send(address, 2_000_000);
        await rig.NextLook();

        var second = await Node.Bump(first);
        await rig.NextLook();

        var payments = rig.Told[^1].Told.Payments.ToDictionary(payment => payment.Id[..TxId.HexLength], payment => payment.State);
        Assert.Equal((ObservedState.Replaced, ObservedState.Seen), (payments[first], payments[second]));

        await Node.Mine(1);
        await rig.NextLook();
        Assert.Equal(["Confirmed 1 2000000"], rig.Last(Order));
    }

    [Fact]
    public async Task A_rival_in_a_block_drops_the_payment_within_one_look()
    {
        await rig.Look();
        var (address, _) = await Watched(Order);
        var paid = await Node.Send(address, 3_000_000);
        await rig.NextLook();

        await Node.MineOnly(await Node.Rival(paid, await Node.Address()));
        await rig.NextLook();

        Assert.Equal(["Replaced 0 3000000"], rig.Last(Order));
    }

    [Fact]
    public async Task A_reorg_recounts_the_depth_of_a_payment_that_returns()
    {
        rig.ConfirmationsWanted = 6;
        await rig.Look();
        var (address, _) = await Watched(Order);
        await Node.Send(address, 4_000_000);
        var blocks = await Node.Mine(2);
        await rig.NextLook();
        Assert.Equal(["Confirmed 2 4000000"], rig.Last(Order));

        await Node.Call("invalidateblock", blocks[0]);
        await rig.NextLook();
        Assert.Equal(["Seen 0 4000000"], rig.Last(Order));

        await Node.Mine(3);
        await rig.NextLook();
        Assert.Equal(["Confirmed 3 4000000"], rig.Last(Order));
        Assert.DoesNotContain(rig.Told, told => told.Told.Payments.Any(payment => payment.State is ObservedState.Orphaned));
    }

    [Fact]
    public async Task A_reorg_in_which_a_rival_wins_orphans_the_payment()
    {
        await rig.Look();
        var (address, _) = await Watched(Order);
        var paid = await Node.Send(address, 5_000_000);
        var rival = await Node.Rival(paid, await Node.Address());
        var block = Assert.Single(await Node.Mine(1));
        await Node.Mine(1);
        await rig.NextLook();
        Assert.Equal(["Confirmed 2 5000000"], rig.Last(Order));

        await Node.Call("invalidateblock", block);
        await Node.MineOnly(rival);
        await Node.Mine(2);
        await rig.NextLook();

        Assert.Equal(["Orphaned 0 5000000"], rig.Last(Order));
    }

    [Fact]
    public async Task After_a_restart_of_both_every_block_since_the_cursor_and_the_mempool_are_read()
    {
        rig.ConfirmationsWanted = 30;
        await rig.Look();
        var (address, _) = await Watched(Order);
        var (later, _) = await Watched("ord_2");
        await Node.Send(address, 6_000_000);
        await Node.Mine(25);
        rig.Restart();
        await Node.Stop();
        Assert.Equal(ChainFault.NodeUnreachable, (await Assert.ThrowsAsync<ChainUnavailableException>(rig.NextLook)).Reason);

        await Node.Restart();
        await Node.Send(later, 7_000_000);
        Assert.Null(await rig.NextLook());

        Assert.Equal((long)(await Node.Call("getblockcount"))!, rig.Follower.Height);
        Assert.Equal(["Confirmed 25 6000000"], rig.Last(Order));
        Assert.Equal(["Seen 0 7000000"], rig.Last("ord_2"));
        await Node.Mine(1);
    }

    [Fact]
    public async Task Blocks_are_read_as_the_node_itself_reads_them()
    {
        foreach (var type in new[] { "legacy", "p2sh-segwit", "bech32" })
        {
            await Node.Send((string)(await Node.Call("getnewaddress", "", type))!, 8_000_000);
        }

        var (scanned, expected) = await Read(Node, chain, Assert.Single(await Node.Mine(1)));

        Assert.Equal(expected, scanned);
        Assert.True(scanned.Count >= 8);
    }

    [Fact]
    public async Task Blocks_with_an_extension_block_are_read_as_the_node_itself_reads_them()
    {
        await using var node = await Litecoind.Start(hasExtensionBlocks: true);
        var options = OptionsOf(node);
        var extended = new BitcoinChain(new BitcoinRpc(BitcoinRpc.Connect(options), options), options.RpcBatchSize);
        // More than the extension block holds already, change included, so that the wallet has to bring in more.
        var pegIn = TxId.Parse(await node.Send((string)(await node.Call("getnewaddress", "", "mweb"))!, 20_000_000_000));
        await node.Send(await node.Address(), 8_000_000);

        var unconfirmed = await extended.Transactions((await extended.Mempool(Token)).Ids, Token);
        new OutputScanner().Transaction(unconfirmed.Single(transaction => transaction.Id == pegIn), new WatchedScripts(), out var outputs);
        Assert.NotEmpty(outputs);

        var block = Assert.Single(await node.Mine(1));
        var (scanned, expected) = await Read(node, extended, block);
        Assert.NotNull((await node.Call("getblock", block, 2))!["mweb"]);
        Assert.Equal(expected, scanned);
    }

    [Fact]
    public async Task Headers_end_where_the_chain_ends_and_form_a_chain()
    {
        var tip = await chain.Tip(Token);
        var headers = await chain.Headers(tip.Height - 70, 200, Token);

        Assert.Equal(71, headers.Length);
        Assert.Equal((tip.Hash, tip.Time), (headers[^1].Hash, headers[^1].Time));
        Assert.All(headers.Zip(headers.Skip(1)), pair => Assert.Equal(pair.First.Hash, pair.Second.Parent));
        Assert.True(KnownGenesis.Agrees("LTC", "regtest", tip.Genesis));
        Assert.False(KnownGenesis.Agrees("LTC", "mainnet", tip.Genesis));
        Assert.False(KnownGenesis.Agrees("BTC", "regtest", tip.Genesis));
    }

    [Fact]
    public async Task The_node_derives_a_descriptors_addresses_and_says_when_it_does_not_know_it()
    {
        const string key = "tpubDDz7pttUJrgsz9yWg8CE8vDXmhNFCKPNsHJJVzyrTUvXBZ1NYivKSLEjmfyDxsoSXBeRNMMfAzrwVZ3kqvZcQfnVT4FKjR8ub35nMuQd8iL";
        var derived = await chain.DeriveAddresses($"wpkh({key}/0/*)", 3, Token);
        var unknown = await chain.DeriveAddresses($"tr({key}/0/*)", 3, Token);

        if (derived.Status is NodeDerivationStatus.Derived)
        {
            Assert.Equal(3, derived.Addresses.Distinct().Count());
            Assert.All(derived.Addresses, address => Assert.StartsWith("rltc1", address, StringComparison.Ordinal));
        }

        Assert.Equal(NodeDerivationStatus.NotSupported, unknown.Status);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A loaded machine may need more time for a call than a real node is given.</summary>
    private static ChainOptions OptionsOf(Litecoind node) => new()
    {
        Network = "regtest", RpcUrl = new Uri(node.RpcUrl), RpcCookieFile = node.CookieFile, RpcTimeoutSeconds = 300,
    };

    /// <summary>All outputs of a block, as we read them and as the node does.</summary>
    private static async Task<(IReadOnlyList<ScannedOutput> Ours, IReadOnlyList<ScannedOutput> Nodes)> Read(
        Litecoind node, BitcoinChain chain, string block)
    {
        var read = await node.Call("getblock", block, 2);
        var outputs =
            from transaction in read!["tx"]!.AsArray()
            from output in transaction!["vout"]!.AsArray()
            where output!["scriptPubKey"] is not null
            select new ScannedOutput(
                $"{transaction["txid"]}:{output!["n"]}",
                (string)output["scriptPubKey"]!["hex"]!,
                (long)((decimal)output["value"]! * 100_000_000m));
        var nodes = outputs.ToList();

        var watched = new WatchedScripts();
        foreach (var output in nodes)
        {
            watched.Add(watched.Fingerprint(Convert.FromHexString(output.Script)));
        }

        var header = Assert.Single(await chain.Headers((long)read["height"]!, 1, Token));
        Assert.Equal(block, header.Hash);
        return (new OutputScanner().Block((await chain.Block(header, Token)).Raw.Span, watched), nodes);
    }

    private async Task<(string Address, string Script)> Watched(string listener)
    {
        var address = await Node.Address();
        return (address, await rig.Watch(listener, await Node.Script(address)));
    }
}
