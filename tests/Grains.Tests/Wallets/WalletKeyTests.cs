namespace OpenBitum.Wallets;

public sealed class WalletKeyTests
{
    // BIP84's account, and the same public key under other prefixes.
    private const string Zpub =
        "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";

    private static readonly ExtendedKey Account = Read(Zpub);
    private static readonly string Xpub = Spell("xpub");

    [Theory]
    [InlineData("xpub", null, "p2pkh", "1")]
    [InlineData("ypub", null, "p2sh-p2wpkh", "3")]
    [InlineData("zpub", null, "p2wpkh", "bc1q")]
    [InlineData("xpub", "p2wpkh", "p2wpkh", "bc1q")]
    [InlineData("xpub", "p2sh-p2wpkh", "p2sh-p2wpkh", "3")]
    [InlineData("xpub", "p2tr", "p2tr", "bc1p")]
    [InlineData("zpub", "p2pkh", "p2pkh", "1")]
    public void The_prefix_means_a_script_and_scriptType_overrides_it(
        string prefix, string? scriptType, string expected, string addressStart)
    {
        var key = Accept(BitcoinNetwork.Bitcoin, Spell(prefix), scriptType);
        Assert.Equal(expected, key.ScriptType.ToName());
        Assert.Equal(Spell(prefix), key.Text);
        Assert.StartsWith(addressStart, key.AddressAt(0)?.Address, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BTC", "mainnet", "xpub ypub zpub")]
    [InlineData("BTC", "testnet", "tpub upub vpub")]
    [InlineData("BTC", "regtest", "tpub upub vpub")]
    [InlineData("LTC", "mainnet", "Ltub Mtub zpub")]
    [InlineData("LTC", "testnet", "ttub tpub upub vpub")]
    [InlineData("LTC", "regtest", "ttub tpub upub vpub")]
    [InlineData("SANDBOX", "testnet", "tpub vpub")]
    public void A_bare_key_is_taken_on_its_own_networks_only(string chain, string name, string prefixes)
    {
        Assert.True(BitcoinNetwork.TryFind(chain, name, out var network));
        foreach (var version in ExtendedKeyVersion.All.Where(version => version.Script is not null))
        {
            var prefix = version.PublicPrefix;
            if (prefixes.Split(' ').Contains(prefix))
            {
                Accept(network, Spell(prefix));
            }
            else
            {
                Refuse(network, Spell(prefix), KeyFault.WrongNetwork, "wrong_network");
            }
        }
    }

    [Theory]
    [InlineData("BTC", "mainnet", "xpub")]
    [InlineData("BTC", "regtest", "tpub")]
    [InlineData("LTC", "mainnet", "xpub Ltub")]
    [InlineData("LTC", "regtest", "tpub ttub")]
    [InlineData("SANDBOX", "testnet", "tpub")]
    public void A_key_in_a_descriptor_has_a_neutral_prefix(string chain, string name, string prefixes)
    {
        Assert.True(BitcoinNetwork.TryFind(chain, name, out var network));
        foreach (var version in ExtendedKeyVersion.All.Where(version => version.Script is not null))
        {
            var text = $"wpkh({Spell(version.PublicPrefix)}/0/*)";
            if (prefixes.Split(' ').Contains(version.PublicPrefix))
            {
                Accept(network, text);
            }
            else if (network.BareKeyPrefixes.Contains(version.PublicPrefix))
            {
                Refuse(network, text, KeyFault.ScriptPrefixInDescriptor, "bad_format");
            }
            else
            {
                Refuse(network, text, KeyFault.WrongNetwork, "wrong_network");
            }
        }
    }

    [Fact]
    public void Every_spelling_of_one_key_has_one_id_and_the_same_addresses()
    {
        Assert.True(Account.TryDerive(0, out var branch));
        string[] spellings =
        [
            Zpub,
            $"  {Zpub}\n",
            $"wpkh({Xpub}/0/*)",
            OutputDescriptor.WithChecksum($"wpkh({Xpub}/0/*)"),
            $"wpkh({Xpub}/<0;1>/*)",
            $"wpkh([73c5da0a/84h/0h/0h]{Xpub}/0/*)",
            $"wpkh([73C5DA0A/84'/0'/0']{Xpub}/<0;1>/*)",
            $"wpkh({branch.ToText(ExtendedKeyVersion.Xpub)}/*)",
        ];
        var keys = spellings.Select(text => Accept(BitcoinNetwork.Bitcoin, text)).ToList();
        keys.Add(Accept(BitcoinNetwork.Bitcoin, Xpub, "p2wpkh"));
        keys.Add(Accept(BitcoinNetwork.Bitcoin, Spell("ypub"), "p2wpkh"));

        Assert.Single(keys.Select(key => key.KeyId).Distinct());
        Assert.All(keys, key => Assert.Equal("bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", key.AddressAt(0)?.Address));
    }

    [Fact]
    public void What_yields_other_addresses_has_another_id()
    {
        WalletKey[] keys =
        [
            Accept(BitcoinNetwork.Bitcoin, Zpub),
            Accept(BitcoinNetwork.Bitcoin, Zpub, "p2pkh"),
            Accept(BitcoinNetwork.Bitcoin, Zpub, "p2tr"),
            Accept(BitcoinNetwork.Bitcoin, Zpub, "p2sh-p2wpkh"),
            Accept(BitcoinNetwork.Bitcoin, $"wpkh({Xpub}/1/*)"),
            Accept(BitcoinNetwork.Bitcoin, $"wpkh({Xpub}/*)"),
            Accept(BitcoinNetwork.Litecoin, Zpub),
            Accept(BitcoinNetwork.BitcoinTestnet, Spell("vpub")),
            Accept(BitcoinNetwork.BitcoinRegtest, Spell("vpub")),
        ];
        Assert.Equal(keys.Length, keys.Select(key => key.KeyId).Distinct().Count());
        Assert.Equal(keys.Length, keys.Select(key => key.AddressAt(7)?.Address).Distinct().Count());
    }

    [Fact]
    public void The_id_of_a_key_never_changes()
    {
        // Its counter is stored under this name: another one would hand out addresses again.
        Assert.Equal(
            "BTC/mainnet/f029e6b249141841f107a136c5fcf2a5729b219a0accba94a0fb44a74d4cd206",
            Accept(BitcoinNetwork.Bitcoin, Zpub).KeyId);
    }

    [Fact]
    public void Text_and_descriptor_read_back_to_the_same_key()
    {
        string[] texts =
            [Zpub, Xpub, $"wpkh([73c5da0a/84'/0h/0']{Xpub}/<5;1>/*)", $"tr({Xpub}/*)", $"sh(wpkh({Xpub}/0/1/2/*))"];
        foreach (var text in texts)
        {
            var key = Accept(BitcoinNetwork.Bitcoin, text);
            Assert.Equal(key.KeyId, Accept(BitcoinNetwork.Bitcoin, key.Text).KeyId);
            Assert.Equal(key.KeyId, Accept(BitcoinNetwork.Bitcoin, key.Text, key.ScriptType.ToName()).KeyId);
            Assert.Equal(key.KeyId, Accept(BitcoinNetwork.Bitcoin, key.Descriptor).KeyId);
            Assert.Equal(key.Descriptor, Accept(BitcoinNetwork.Bitcoin, key.Descriptor).Text);
        }

        var litecoin = Accept(BitcoinNetwork.Litecoin, Spell("Mtub"));
        Assert.StartsWith("sh(wpkh(xpub", litecoin.Descriptor, StringComparison.Ordinal);
        Assert.Equal(litecoin.KeyId, Accept(BitcoinNetwork.Litecoin, litecoin.Descriptor).KeyId);
    }

    [Theory]
    [InlineData("wpkh([d34db33f/84h/0h/0h]{0}/0/*)", "d34db33f")]
    [InlineData("wpkh([D34DB33F]{0}/0/*)", "d34db33f")]
    [InlineData("wpkh({0}/0/*)", "fd13aac9")]
    [InlineData("{0}", "fd13aac9")]
    public void The_fingerprint_is_the_origins_or_the_keys_own(string text, string fingerprint) =>
        Assert.Equal(fingerprint, Accept(BitcoinNetwork.Bitcoin, string.Format(null, text, Xpub)).Fingerprint);

    [Fact]
    public void A_range_is_what_each_address_is_in_every_script()
    {
        foreach (var script in Enum.GetValues<ScriptType>())
        {
            var key = Accept(BitcoinNetwork.Bitcoin, Zpub, script.ToName());
            var range = key.Addresses(250, 300);
            Assert.Equal(Enumerable.Range(250, 300).Select(index => (uint)index), range.Select(address => address.Index));
            foreach (var address in range.Where(address => address.Index % 37 == 0))
            {
                var one = key.AddressAt(address.Index)!;
                Assert.Equal(one.Address, address.Address);
                Assert.Equal(one.ScriptPubKey.AsSpan(), address.ScriptPubKey.AsSpan());
                Assert.True(BitcoinAddress.TryParse(key.Network, address.Address, out var script2));
                Assert.Equal(address.ScriptPubKey.AsSpan(), script2.AsSpan());
            }
        }
    }

    [Fact]
    public void Numbers_end_where_hardened_ones_begin()
    {
        var key = Accept(BitcoinNetwork.Bitcoin, Zpub);
        Assert.Empty(key.Addresses(0, 0));
        Assert.Single(key.Addresses(WalletKey.IndexLimit - 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => key.Addresses(WalletKey.IndexLimit - 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => key.AddressAt(WalletKey.IndexLimit));
        Assert.Throws<ArgumentOutOfRangeException>(() => key.Addresses(0, -1));
    }

    [Fact]
    public void Sandbox_has_one_script_whatever_the_prefix_means()
    {
        Assert.Equal(ScriptType.P2wpkh, Accept(BitcoinNetwork.Sandbox, Spell("tpub")).ScriptType);
        Refuse(BitcoinNetwork.Sandbox, $"pkh({Spell("tpub")}/0/*)", KeyFault.ScriptNotOnNetwork, "unsupported_script");
        Refuse(BitcoinNetwork.Sandbox, Spell("vpub"), KeyFault.ScriptTypeNotOnNetwork, "unsupported_script", "p2tr");
    }

    [Theory]
    [InlineData("p2wsh", "unsupported_script")]
    [InlineData("p2sh", "unsupported_script")]
    [InlineData("segwit", "bad_format")]
    [InlineData("P2WPKH", "bad_format")]
    [InlineData("", "bad_format")]
    public void An_unknown_scriptType_is_refused_at_its_own_field(string scriptType, string code)
    {
        Assert.False(WalletKey.TryParse(BitcoinNetwork.Bitcoin, Zpub, scriptType, out _, out var refusal));
        Assert.Equal(("scriptType", code), (refusal.Field, refusal.Code));
    }

    [Fact]
    public void A_scriptType_may_repeat_the_descriptors_script_and_not_contradict_it()
    {
        Accept(BitcoinNetwork.Bitcoin, $"wpkh({Xpub}/0/*)", "p2wpkh");
        Refuse(
            BitcoinNetwork.Bitcoin, $"wpkh({Xpub}/0/*)", KeyFault.ScriptTypeContradicts, "bad_format", "p2pkh");
    }

    [Fact]
    public void A_single_mistyped_character_is_noticed()
    {
        var descriptor = Accept(BitcoinNetwork.Bitcoin, $"sh(wpkh([73c5da0a/49h/0h/0h]{Xpub}/0/*))").Text;
        foreach (var text in new[] { Zpub, Xpub, descriptor })
        {
            for (var position = 0; position < text.Length; position++)
            {
                foreach (var character in "17azAZ'/0")
                {
                    var mistyped = $"{text[..position]}{character}{text[(position + 1)..]}";
                    Assert.True(
                        mistyped == text || !WalletKey.TryParse(BitcoinNetwork.Bitcoin, mistyped, null, out _, out _), mistyped);
                }
            }
        }
    }

    private static WalletKey Accept(BitcoinNetwork network, string text, string? scriptType = null)
    {
        Assert.True(
            WalletKey.TryParse(network, text, scriptType, out var key, out var refusal),
            $"{network} {text} {scriptType}: {refusal?.Message}");
        return key;
    }

    private static void Refuse(
        BitcoinNetwork network, string text, KeyFault fault, string code, string? scriptType = null)
    {
        Assert.Equal(fault, WalletKeyReader.Read(network, text, scriptType, out _));
        Assert.False(WalletKey.TryParse(network, text, scriptType, out _, out var refusal));
        Assert.Equal(code, refusal.Code);
    }

    private static ExtendedKey Read(string text)
    {
        Assert.Equal(KeyFault.None, ExtendedKey.Read(text, out var key));
        return key!;
    }

    private static string Spell(string prefix) =>
        Account.ToText(ExtendedKeyVersion.All.Single(version => version.PublicPrefix == prefix).Public);
}
