using System.Diagnostics;
using System.Text.Json;

namespace OpenBitum.Wallets;

/// <summary>Electrum, offline, restores the same keys and lists the same receiving addresses.</summary>
public sealed class ElectrumTests : IDisposable
{
    private const string Binary = "/usr/bin/electrum";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("openbitum-electrum-");

    [Theory]
    [InlineData("mainnet", "xpub")]
    [InlineData("mainnet", "ypub")]
    [InlineData("mainnet", "zpub")]
    [InlineData("testnet", "vpub")]
    [InlineData("regtest", "upub")]
    public async Task Electrum_lists_the_same_receiving_addresses(string networkName, string prefix)
    {
        Assert.SkipUnless(File.Exists(Binary), "Debian's package electrum is not installed");
        Assert.True(BitcoinNetwork.TryFind("BTC", networkName, out var network));
        var text = RandomKeys.Next(new SeededBytes($"electrum {networkName} {prefix}"), prefix);
        Assert.True(WalletKey.TryParse(network, text, null, out var key, out _));

        await Electrum(networkName, "restore", text);
        var listed = JsonSerializer.Deserialize<string[]>(await Electrum(networkName, "listaddresses", "--receiving"))!;

        Assert.NotEmpty(listed);
        Assert.Equal(listed, key.Addresses(0, listed.Length).Select(address => address.Address));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task<string> Electrum(string networkName, params string[] arguments)
    {
        string[] networkArguments = networkName == "mainnet" ? [] : [$"--{networkName}"];
        var start = new ProcessStartInfo(Binary, ["--offline", .. networkArguments, "-D", folder.FullName, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = folder.FullName },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"electrum {arguments[0]}: {await errors}");
        return await output;
    }
}
