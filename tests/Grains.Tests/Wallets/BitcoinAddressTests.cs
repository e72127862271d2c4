using System.Text.Json;

namespace OpenBitum.Wallets;

public sealed class BitcoinAddressTests
{
    public static TheoryData<string, string> Valid =>
        BitcoinVectors.Pairs("segwitAddresses/valid", "address", "scriptPubKey");

    public static TheoryData<string, string> Invalid =>
        BitcoinVectors.Pairs("segwitAddresses/invalid", "address", "reason");

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_published_segwit_address_stands_for_its_script(string address, string script)
    {
        var network = address.StartsWith("tb", StringComparison.Ordinal)
            ? BitcoinNetwork.BitcoinTestnet
            : BitcoinNetwork.Bitcoin;
        Assert.True(BitcoinAddress.TryParse(network, address, out var read));
        Assert.Equal(script, Convert.ToHexStringLower(read.AsSpan()));

        Assert.True(BitcoinAddress.TryFormat(network, read.AsSpan(), out var written));
        Assert.Equal(address.ToLowerInvariant(), written);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void A_published_invalid_segwit_address_stands_for_nothing(string address, string reason)
    {
        Assert.NotEmpty(reason);
        Assert.All(BitcoinNetwork.All, network => Assert.False(BitcoinAddress.TryParse(network, address, out _), reason));
    }

    [Theory]
    [InlineData("BTC", "mainnet", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "76a91477bff20c60e522dfaa3350c39b030a5d004e839a88ac")]
    [InlineData("BTC", "mainnet", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "a914b472a266d0bd89c13706a4132ccfb16f7c3b9fcb87")]
    [InlineData("BTC", "testnet", "2Mww8dCYPUpKHofjgcXcBCEGmniw9CoaiD2", "a914336caa13e08b96080a32b5d818d59b4ab3b3674287")]
    [InlineData("BTC", "regtest", "2Mww8dCYPUpKHofjgcXcBCEGmniw9CoaiD2", "a914336caa13e08b96080a32b5d818d59b4ab3b3674287")]
    [InlineData("LTC", "testnet", "2Mww8dCYPUpKHofjgcXcBCEGmniw9CoaiD2", "a914336caa13e08b96080a32b5d818d59b4ab3b3674287")]
    [InlineData("LTC", "mainnet", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "a914b472a266d0bd89c13706a4132ccfb16f7c3b9fcb87")]
    public void A_base58_address_stands_for_its_script(string chain, string name, string address, string script)
    {
        Assert.True(BitcoinNetwork.TryFind(chain, name, out var network));
        Assert.True(BitcoinAddress.TryParse(network, address, out var read));
        Assert.Equal(script, Convert.ToHexStringLower(read.AsSpan()));
    }

    [Theory]
    [InlineData("BTC", "testnet", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2")]
    [InlineData("LTC", "mainnet", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2")]
    [InlineData("BTC", "mainnet", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3")]
    [InlineData("BTC", "regtest", "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu")]
    [InlineData("SANDBOX", "testnet", "2Mww8dCYPUpKHofjgcXcBCEGmniw9CoaiD2")]
    [InlineData("BTC", "mainnet", "")]
    [InlineData("BTC", "mainnet", "bc1")]
    [InlineData("BTC", "mainnet", "bc1qcr8te4\u212Ar609gcawutmrza0j4xv80jy8z306fyu")]
    public void An_address_of_another_network_or_with_a_typing_error_stands_for_nothing(
        string chain, string name, string address)
    {
        Assert.True(BitcoinNetwork.TryFind(chain, name, out var network));
        Assert.False(BitcoinAddress.TryParse(network, address, out _));
    }

    [Fact]
    public void Every_address_of_every_network_survives_its_script()
    {
        foreach (var network in BitcoinNetwork.All)
        {
            foreach (var script in network.Scripts)
            {
                var bytes = OutputScript.For(script, AffinePoint.Generator);
                Assert.True(BitcoinAddress.TryFormat(network, bytes, out var address), $"{network} {script}");
                Assert.True(BitcoinAddress.TryParse(network, address, out var read), $"{network} {address}");
                Assert.Equal(bytes, read.AsSpan());
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("6a0401020304")]
    [InlineData("0015751e76e8199196d454941c45d1b3a323f1433bd6aa")]
    [InlineData("76a91477bff20c60e522dfaa3350c39b030a5d004e839a88ad")]
    [InlineData("a914b472a266d0bd89c13706a4132ccfb16f7c3b9fcb")]
    public void A_script_of_no_address_has_none(string script) =>
        Assert.False(BitcoinAddress.TryFormat(BitcoinNetwork.Bitcoin, Convert.FromHexString(script), out _));

    [Fact]
    public void The_published_accounts_have_their_addresses()
    {
        foreach (var account in BitcoinVectors.At("accounts").EnumerateArray())
        {
            var network = account.GetProperty("network").GetString() == "bitcoin-mainnet"
                ? BitcoinNetwork.Bitcoin
                : BitcoinNetwork.BitcoinTestnet;
            var key = account.GetProperty("key").GetString()!;
            foreach (var entry in account.GetProperty("addresses").EnumerateObject())
            {
                AssertAddress(account, network, key, entry);
            }
        }
    }

    private static void AssertAddress(JsonElement account, BitcoinNetwork network, string key, JsonProperty entry)
    {
        var (branch, index) = (entry.Name.Split('/')[0], uint.Parse(entry.Name.Split('/')[1]));
        var descriptor = account.TryGetProperty("descriptor", out var template)
            ? template.GetString()!.Replace("KEY", key)
            : key;
        if (branch == "0")
        {
            Assert.True(WalletKey.TryParse(network, descriptor, null, out var wallet, out _));
            Assert.Equal(entry.Value.GetString(), wallet.AddressAt(index)?.Address);
        }

        // Any branch by its own descriptor, under the prefix that descriptors are written with.
        Assert.Equal(KeyFault.None, ExtendedKey.Read(key, out var extended));
        var script = account.TryGetProperty("descriptor", out _) ? ScriptType.P2tr : extended!.Version.Script!.Value;
        var spelled = script.ToDescriptor($"{extended!.ToText(network.NodeKeyVersion)}/{branch}/*");
        Assert.True(WalletKey.TryParse(network, spelled, null, out var byBranch, out var refusal), refusal?.Message);
        Assert.Equal(entry.Value.GetString(), byBranch.AddressAt(index)?.Address);
    }
}
