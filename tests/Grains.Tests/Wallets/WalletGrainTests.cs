using OpenBitum.Access;
using OpenBitum.Chains;
using OpenBitum.Orders;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Wallets;

public sealed class WalletGrainTests : IAsyncLifetime
{
    private static readonly MerchantId Acme = new("acme");
    private static readonly OrderId Order = new("ord_00000000000000000000000000");

    private readonly string vpub = RandomKeys.Next(new SeededBytes("wallet grain"), "vpub");
    private FeatureHost host = null!;

    // The node of BTC is down; SANDBOX needs none.
    public async ValueTask InitializeAsync() => host = await FeatureHost.Start(
        new ManualClock(),
        ("Chains:BTC:Network", "regtest"),
        ("Chains:BTC:RpcUrl", "http://127.0.0.1:9"),
        ("Chains:SANDBOX:Enabled", "true"));

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task A_key_given_while_the_node_is_down_is_stored_with_a_warning()
    {
        var result = await Give(Acme, "BTC", vpub, label: "till");
        Assert.Equal(SetWalletStatus.Done, result.Status);
        Assert.Equal(["node_unreachable"], result.Wallet!.Warnings.Select(warning => warning.Code));

        var view = await Wallet(Acme, "BTC").View();
        Assert.Equal(("BTC", "regtest", vpub, "p2wpkh", "till", 0L, 0L),
            (view!.Chain, view.Network, view.Xpub, view.ScriptType, view.Label, view.NextIndex, view.UnpaidInARow));
        Assert.Equal(5, view.FirstAddresses.Length);
        Assert.All(view.FirstAddresses, address => Assert.StartsWith("bcrt1q", address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_key_leaves_the_former_one_in_force()
    {
        await Give(Acme, "BTC", vpub);
        var before = await Wallet(Acme, "BTC").Current();
        var result = await Give(Acme, "BTC", RandomKeys.Next(new SeededBytes("mainnet"), "zpub"));

        Assert.Equal(SetWalletStatus.Invalid, result.Status);
        Assert.Equal("wrong_network", Assert.Single(result.Problems).Code);
        Assert.Equal(before, await Wallet(Acme, "BTC").Current());
    }

    [Fact]
    public async Task The_same_key_at_two_merchants_and_in_two_spellings_has_one_counter()
    {
        var other = new MerchantId("other");
        Assert.True(WalletKey.TryParse(BitcoinNetwork.BitcoinRegtest, vpub, null, out var key, out _));
        await Give(Acme, "BTC", vpub);
        await Give(other, "BTC", key.Descriptor);

        var allocated = new List<AllocatedAddress>();
        foreach (var merchant in new[] { Acme, other, Acme, other })
        {
            var current = await Wallet(merchant, "BTC").Current();
            allocated.Add(await host.Grains.GetGrain<IKeyGrain>(current!.KeyId).Allocate(Order));
        }

        Assert.Equal([0L, 1, 2, 3], allocated.Select(one => one.Index));
        Assert.Equal(4, (await Wallet(other, "BTC").View())!.NextIndex);
    }

    [Fact]
    public async Task A_wallet_and_its_counter_survive_a_kill()
    {
        await Give(Acme, "BTC", vpub);
        var current = await Wallet(Acme, "BTC").Current();
        var first = await host.Grains.GetGrain<IKeyGrain>(current!.KeyId).Allocate(Order);

        await host.Silo.Kill();
        await host.Silo.Start();

        Assert.Equal(current, await Wallet(Acme, "BTC").Current());
        var second = await host.Grains.GetGrain<IKeyGrain>(current.KeyId).Allocate(Order);
        Assert.True(second.Index > first.Index);
        Assert.NotEqual(first.Address, second.Address);
    }

    [Fact]
    public async Task A_merchant_without_a_key_has_no_wallet_but_on_sandbox_a_built_in_one()
    {
        Assert.Null(await Wallet(Acme, "BTC").Current());
        Assert.Null(await Wallet(Acme, "BTC").View());

        var current = await Wallet(Acme, "SANDBOX").Current();
        Assert.Equal((SandboxKey.Key.KeyId, "p2wpkh"), (current!.KeyId, current.ScriptType));
        Assert.Null(await Wallet(Acme, "SANDBOX").View());
        var allocated = await host.Grains.GetGrain<IKeyGrain>(current.KeyId).Allocate(Order);
        Assert.StartsWith("sb1q", allocated.Address, StringComparison.Ordinal);

        // An own key takes its place, and no node is asked.
        var result = await Give(Acme, "SANDBOX", vpub);
        Assert.Empty(result.Wallet!.Warnings);
        Assert.NotEqual(current, await Wallet(Acme, "SANDBOX").Current());
    }

    [Fact]
    public async Task A_chain_that_the_instance_does_not_follow_takes_no_key()
    {
        var result = await Give(Acme, "LTC", vpub);
        Assert.Equal(("chain", "bad_format"), (result.Problems[0].Field, result.Problems[0].Code));
    }

    [Fact]
    public async Task The_view_counts_addresses_since_the_last_that_was_paid()
    {
        await Give(Acme, "BTC", vpub);
        var keyId = (await Wallet(Acme, "BTC").Current())!.KeyId;
        for (var i = 0; i < 25; i++)
        {
            var allocated = await host.Grains.GetGrain<IKeyGrain>(keyId).Allocate(Order);
            await host.Database.Write(session => ScriptRows.Claim(
                session, "BTC", allocated.Script, Order.Value, keyId, allocated.Index, DateTimeOffset.UnixEpoch));
        }

        var view = (await Wallet(Acme, "BTC").View())!;
        Assert.Equal(25, view.UnpaidInARow);
        Assert.Contains(view.Warnings, warning => warning.Code == "gap_limit");

        Assert.True(WalletKey.TryParse(BitcoinNetwork.BitcoinRegtest, vpub, null, out var key, out _));
        foreach (var index in new uint[] { 9, 4, 9 })
        {
            var script = Convert.ToHexStringLower(key.AddressAt(index)!.ScriptPubKey.AsSpan());
            await host.Database.Write(session => PaidKeyRows.Mark(session, "BTC", script));
        }

        view = (await Wallet(Acme, "BTC").View())!;
        Assert.Equal(15, view.UnpaidInARow);
        Assert.DoesNotContain(view.Warnings, warning => warning.Code == "gap_limit");
    }

    [Fact]
    public async Task The_node_of_the_chain_must_derive_the_same_addresses()
    {
        Assert.SkipWhen(Litecoind.Missing is not null, Litecoind.Missing ?? "");
        await using var node = await Litecoind.Start();
        foreach (var (network, agrees) in new[] { ("regtest", true), ("testnet", false) })
        {
            await using var litecoin = await FeatureHost.Start(
                new ManualClock(),
                ("Chains:LTC:Network", network),
                ("Chains:LTC:RpcUrl", node.RpcUrl),
                ("Chains:LTC:RpcCookieFile", node.CookieFile),
                ("Chains:LTC:RpcTimeoutSeconds", "300"));
            var wallet = litecoin.Grains.GetGrain<IWalletGrain>(IWalletGrain.KeyOf(Acme, "LTC"));
            var result = await wallet.Set(new SetWallet(Acme, "LTC", vpub, null, null));

            Assert.Equal(agrees ? SetWalletStatus.Done : SetWalletStatus.Invalid, result.Status);
            Assert.Equal(agrees ? [] : ["wrong_network"], result.Problems.Select(problem => problem.Code));
            Assert.Equal(agrees ? [] : null, result.Wallet?.Warnings.Select(warning => warning.Code));

            // litecoind 0.21 knows no tr().
            var taproot = await wallet.Set(new SetWallet(Acme, "LTC", vpub, "p2tr", null));
            Assert.Equal(["descriptor_unknown_to_node"], taproot.Wallet!.Warnings.Select(warning => warning.Code));
        }
    }

    private IWalletGrain Wallet(MerchantId merchant, string chain) =>
        host.Grains.GetGrain<IWalletGrain>(IWalletGrain.KeyOf(merchant, chain));

    private Task<SetWalletResult> Give(MerchantId merchant, string chain, string xpub, string? label = null) =>
        Wallet(merchant, chain).Set(new SetWallet(merchant, chain, xpub, null, label));
}
