using System.Text.Json.Nodes;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Wallets;

/// <summary>A real litecoind derives the same addresses from our descriptors, and reads the same scripts from them.</summary>
public sealed class LitecoindTests
{
    private const int Keys = 8;
    private const int Addresses = 10;

    [Fact]
    public async Task Litecoind_derives_the_same_addresses_and_scripts()
    {
        Assert.SkipWhen(Litecoind.Missing is not null, Litecoind.Missing ?? "");
        await using var node = await Litecoind.Start();
        var seeded = new SeededBytes("litecoind");
        foreach (var script in new[] { ScriptType.P2pkh, ScriptType.P2shP2wpkh, ScriptType.P2wpkh })
        {
            for (var i = 0; i < Keys; i++)
            {
                var key = Parse(RandomKeys.Next(seeded, "tpub"), script);
                var start = BitConverter.ToUInt16(seeded.Next32());
                await AssertSame(node, key, start);
            }
        }
    }

    [Fact]
    public async Task Litecoind_computes_the_same_descriptor_checksums()
    {
        Assert.SkipWhen(Litecoind.Missing is not null, Litecoind.Missing ?? "");
        await using var node = await Litecoind.Start();
        var seeded = new SeededBytes("checksums");
        for (var i = 0; i < Keys; i++)
        {
            var key = RandomKeys.Next(seeded, "tpub");
            string[] bodies =
                [$"pkh({key}/0/*)", $"wpkh([d34db33f/84h/1h/0h]{key}/0/*)", $"sh(wpkh([d34db33f/49'/1'/{i}']{key}/{i}/*))"];
            foreach (var body in bodies)
            {
                var info = await node.Call("getdescriptorinfo", body);
                Assert.Equal($"{body}#{(string?)info!["checksum"]}", OutputDescriptor.WithChecksum(body));
            }
        }
    }

    private static async Task AssertSame(Litecoind node, WalletKey key, uint start)
    {
        var ours = key.Addresses(start, Addresses);
        var theirs = await node.Call("deriveaddresses", key.Descriptor, new[] { start, start + Addresses - 1 });
        Assert.Equal(theirs!.AsArray().Select(address => (string)address!), ours.Select(address => address.Address));

        foreach (var address in ours)
        {
            JsonNode? read = await node.Call("validateaddress", address.Address);
            Assert.Equal((string)read!["scriptPubKey"]!, Convert.ToHexStringLower(address.ScriptPubKey.AsSpan()));
        }
    }

    private static WalletKey Parse(string text, ScriptType script)
    {
        Assert.True(
            WalletKey.TryParse(BitcoinNetwork.LitecoinRegtest, text, script.ToName(), out var key, out var refusal),
            refusal?.Message);
        return key;
    }
}
