using System.Buffers.Binary;
using System.Globalization;

namespace OpenBitum.Wallets;

public sealed class Slip132Tests
{
    private static readonly byte[] Secret = new SeededBytes("slip132").Next32();

    public static TheoryData<string, string> Prefixes => BitcoinVectors.Pairs("slip132", "publicPrefix", "coin");

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void A_registered_prefix_means_what_the_registry_says(string prefix, string coin)
    {
        var row = BitcoinVectors.At("slip132").EnumerateArray()
            .Single(entry => entry.GetProperty("publicPrefix").GetString() == prefix);
        var publicVersion = Version(row.GetProperty("publicVersion").GetString()!);
        var privateVersion = Version(row.GetProperty("privateVersion").GetString()!);
        var publicText = Public(publicVersion);
        var privateText = Private(privateVersion);
        Assert.StartsWith(prefix, publicText, StringComparison.Ordinal);
        Assert.StartsWith(row.GetProperty("privatePrefix").GetString()!, privateText, StringComparison.Ordinal);

        var networks = coin switch
        {
            "Bitcoin" => new[] { BitcoinNetwork.Bitcoin },
            "Bitcoin Testnet" => [BitcoinNetwork.BitcoinTestnet, BitcoinNetwork.BitcoinRegtest],
            "Litecoin" => [BitcoinNetwork.Litecoin],
            "Litecoin Testnet" => [BitcoinNetwork.LitecoinTestnet, BitcoinNetwork.LitecoinRegtest],
            _ => throw new InvalidOperationException($"{coin} is not known to this test."),
        };
        foreach (var network in networks)
        {
            AssertPublic(network, publicText, row.GetProperty("encoding").GetString()!);
        }

        foreach (var network in BitcoinNetwork.All)
        {
            Assert.False(WalletKey.TryParse(network, privateText, null, out _, out var refusal));
            Assert.Equal("private_key", refusal.Code);
            Assert.DoesNotContain(privateText[4..20], refusal.Message, StringComparison.Ordinal);
        }
    }

    private static void AssertPublic(BitcoinNetwork network, string text, string encoding)
    {
        var isTaken = WalletKey.TryParse(network, text, null, out var key, out var refusal);
        if (encoding.StartsWith("Multi-signature", StringComparison.Ordinal))
        {
            Assert.False(isTaken);
            Assert.Equal("unsupported_script", refusal?.Code);
            return;
        }

        var expected = encoding switch
        {
            "P2PKH or P2SH" => ScriptType.P2pkh,
            "P2WPKH in P2SH" => ScriptType.P2shP2wpkh,
            "P2WPKH" => ScriptType.P2wpkh,
            _ => throw new InvalidOperationException($"{encoding} is not known to this test."),
        };
        Assert.True(isTaken, refusal?.Message);
        Assert.Equal(expected, key?.ScriptType);
    }

    private static uint Version(string hex) => uint.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Public(uint version)
    {
        Assert.True(Generator.AddMultiple(JacobianPoint.Infinity, Secret).TryToAffine(out var point));
        var row = ExtendedKeyVersion.Find(version)!;
        return new ExtendedKey(row, 3, 0x01020304, 0x80000000, [.. new byte[32]], point).ToText(version);
    }

    private static string Private(uint version)
    {
        var payload = new byte[78];
        BinaryPrimitives.WriteUInt32BigEndian(payload, version);
        payload[4] = 3;
        Secret.CopyTo(payload, 46);
        return Base58Check.Encode(payload);
    }
}
