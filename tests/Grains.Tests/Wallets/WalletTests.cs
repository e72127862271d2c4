using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Chains;
using OpenBitum.Json;

namespace OpenBitum.Wallets;

public sealed class WalletTests
{
    private const string Zpub =
        "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";

    private const string OtherXpub =
        "xpub6BgBgsespWvERF3LHQu6CnqdvfEvtMcQjYrcRzx53QJjSxarj2afYWcLteoGVky7D3UKDP9QyrLprQ3VCECoY49yfdDEHGCtMMj92pReUsQ";

    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly MerchantId Merchant = new("acme");

    [Fact]
    public void A_good_key_is_checked_with_the_node_before_it_is_taken()
    {
        var question = Assert.IsType<WalletDecision.AskNode>(Decide(new WalletState(), Give(Zpub), derivation: null));
        Assert.StartsWith("wpkh(xpub", question.Key.Descriptor, StringComparison.Ordinal);
        Assert.Equal(5, question.Count);

        var accepted = Accept(new WalletState(), Give(Zpub));
        var key = accepted.State.Current!;
        Assert.Equal(question.Key.KeyId, key.KeyId);
        Assert.Equal((Zpub, "p2wpkh", "mainnet", Now), (key.Text, key.ScriptType, key.Network, key.CreatedAt));
        Assert.Equal("bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", key.FirstAddresses[0]);
        Assert.Equal(5, key.FirstAddresses.Length);
        Assert.Empty(key.Warnings);
        Assert.Empty(accepted.State.Former);
    }

    [Fact]
    public void A_node_that_derives_other_addresses_refuses_the_key()
    {
        var derivation = new NodeDerivation(NodeDerivationStatus.Derived, ["bcrt1q", "b", "c", "d", "e"]);
        AssertRefused("xpub", "wrong_network", Decide(new WalletState(), Give(Zpub), derivation));

        // Fewer addresses than asked for are another answer too.
        var fewer = new NodeDerivation(NodeDerivationStatus.Derived, ["bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu"]);
        AssertRefused("xpub", "wrong_network", Decide(new WalletState(), Give(Zpub), fewer));
    }

    [Theory]
    [InlineData(NodeDerivationStatus.Unreachable, "node_unreachable")]
    [InlineData(NodeDerivationStatus.NotSupported, "descriptor_unknown_to_node")]
    [InlineData(NodeDerivationStatus.NoNode, null)]
    public void A_node_that_cannot_say_leaves_a_warning(NodeDerivationStatus status, string? warning)
    {
        var decision = Decide(new WalletState(), Give(Zpub), new NodeDerivation(status, []));
        var accepted = Assert.IsType<WalletDecision.Accepted>(decision);
        string[] expected = warning is null ? [] : [warning];
        Assert.Equal(expected, accepted.State.Current!.Warnings.Select(found => found.Code));
    }

    [Fact]
    public void A_refused_key_is_never_asked_of_the_node()
    {
        AssertRefused("xpub", "required", Decide(new WalletState(), Give(""), null));
        AssertRefused("scriptType", "bad_format", Decide(new WalletState(), Give(Zpub) with { ScriptType = "?" }, null));
        AssertRefused(
            "label", "too_long", Decide(new WalletState(), Give(Zpub) with { Label = new string('x', 101) }, null));
        AssertRefused("label", "bad_format", Decide(new WalletState(), Give(Zpub) with { Label = "two\nlines" }, null));
        AssertRefused("label", "bad_format", Decide(new WalletState(), Give(Zpub) with { Label = "turned \u202Etxet" }, null));
        AssertRefused("chain", "bad_format", Wallet.Decide(new WalletState(), Give(Zpub), null, null, Now));
        Accept(new WalletState(), Give(Zpub) with { Label = "Kasse – 1 \U0001F600" });
        Accept(new WalletState(), Give(Zpub) with { Label = new string('x', 100) });
    }

    [Fact]
    public void A_replaced_key_is_kept_among_the_former_ones_once()
    {
        var first = Accept(new WalletState(), Give(Zpub)).State;
        var second = Accept(first, Give(OtherXpub)).State;
        Assert.Equal([Zpub], second.Former.Select(key => key.Text));

        var back = Accept(second, Give(Zpub)).State;
        Assert.Equal(Zpub, back.Current!.Text);
        Assert.Equal([OtherXpub], back.Former.Select(key => key.Text));

        var again = Accept(back, Give(OtherXpub)).State;
        Assert.Equal([Zpub], again.Former.Select(key => key.Text));
    }

    [Fact]
    public void The_same_key_in_another_spelling_replaces_nothing()
    {
        var first = Accept(new WalletState(), Give(Zpub)).State;
        Assert.True(WalletKey.TryParse(BitcoinNetwork.Bitcoin, Zpub, null, out var key, out _));
        var later = Wallet.Decide(
            first, Give(key.Descriptor) with { Label = "till" }, BitcoinNetwork.Bitcoin, Derived(key.Descriptor), Now.AddDays(1));
        var state = Assert.IsType<WalletDecision.Accepted>(later).State;
        Assert.Empty(state.Former);
        Assert.Equal(("till", key.Descriptor, Now), (state.Current!.Label, state.Current.Text, state.Current.CreatedAt));
    }

    [Theory]
    [InlineData(0, null, 0)]
    [InlineData(1, null, 1)]
    [InlineData(1, 0L, 0)]
    [InlineData(20, null, 20)]
    [InlineData(21, null, 21)]
    [InlineData(30, 9L, 20)]
    [InlineData(30, 8L, 21)]
    [InlineData(3, 7L, 0)]
    public void The_view_warns_when_more_addresses_in_a_row_are_unpaid_than_wallets_look_ahead(
        long nextIndex, long? highestPaid, long unpaidInARow)
    {
        var state = Accept(new WalletState(), Give(Zpub)).State;
        var view = Wallet.View(state, "BTC", nextIndex, highestPaid)!;
        Assert.Equal((nextIndex, unpaidInARow), (view.NextIndex, view.UnpaidInARow));
        Assert.Equal(unpaidInARow > 20, view.Warnings.Any(warning => warning.Code == "gap_limit"));
    }

    [Fact]
    public void A_wallet_without_key_has_no_view() => Assert.Null(Wallet.View(new WalletState(), "BTC", 0, null));

    [Fact]
    public void What_is_stored_reads_back()
    {
        var state = Accept(Accept(new WalletState(), Give(Zpub)).State, Give(OtherXpub) with { Label = "till" }).State;
        var text = JsonSerializer.Serialize(state, WireJson.Options);
        var read = JsonSerializer.Deserialize<WalletState>(text, WireJson.Options)!;
        Assert.Equal(text, JsonSerializer.Serialize(read, WireJson.Options));
        Assert.Equal(state.Current!.KeyId, read.Current!.KeyId);
        Assert.Equal(state.Former[0].KeyId, read.Former[0].KeyId);

        Assert.Equal("{\"descriptor\":null,\"nextIndex\":0}", JsonSerializer.Serialize(new KeyState(), WireJson.Options));
        Assert.Empty(JsonSerializer.Deserialize<WalletState>("{}", WireJson.Options)!.Former);
    }

    private static SetWallet Give(string xpub) => new(Merchant, "BTC", xpub, null, null);

    private static WalletDecision Decide(WalletState state, SetWallet command, NodeDerivation? derivation) =>
        Wallet.Decide(state, command, BitcoinNetwork.Bitcoin, derivation, Now);

    private static WalletDecision.Accepted Accept(WalletState state, SetWallet command) =>
        Assert.IsType<WalletDecision.Accepted>(Decide(state, command, Derived(command.Xpub)));

    private static NodeDerivation Derived(string text)
    {
        Assert.True(WalletKey.TryParse(BitcoinNetwork.Bitcoin, text, null, out var key, out _));
        return new NodeDerivation(
            NodeDerivationStatus.Derived, [.. key.Addresses(0, 5).Select(address => address.Address)]);
    }

    private static void AssertRefused(string field, string code, WalletDecision decision)
    {
        var problem = Assert.Single(Assert.IsType<WalletDecision.Refused>(decision).Problems);
        Assert.Equal((field, code), (problem.Field, problem.Code));
    }
}
