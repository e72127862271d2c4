using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.EndToEnd;

/// <summary>The README's blocks are pasted into a shell as they stand.</summary>
public sealed partial class ReadmeSales : IDisposable
{
    private const int Port = 4000;
    private const string NodeFolder = "/tmp/ltc";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string dataDirectory = Directory.CreateTempSubdirectory("openbitum-readme-").FullName;
    private readonly string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    public void Dispose() => Directory.Delete(dataDirectory, recursive: true);

    [Fact]
    public async Task The_first_sale_works_as_pasted()
    {
        Assert.SkipUnless(IsFree(Port), $"Port {Port} is taken, and the README names it.");
        using var shop = Start("dotnet run --project src/ApiHost");
        var printed = await PasteBeside(shop, "sandbox");

        Assert.Equal("paid", (string?)JsonNode.Parse(printed.Trim().Split('\n')[^1])!["status"]);
    }

    [Fact]
    public async Task The_sale_on_a_real_node_works_as_pasted()
    {
        Assert.SkipWhen(Litecoind.Missing is not null, Litecoind.Missing ?? "");
        Assert.SkipUnless(IsFree(Port), $"Port {Port} is taken, and the README names it.");
        Assert.SkipWhen(Directory.Exists(NodeFolder), $"{NodeFolder} exists, and the README makes it.");
        try
        {
            await Paste("node");
            using var shop = Start(Block("shop"));
            var printed = await PasteBeside(shop, "sale");

            Assert.Contains("\"status\":\"paid\"", printed, StringComparison.Ordinal);
        }
        finally
        {
            using var stop = Start($"litecoin-cli -regtest -datadir={NodeFolder} stop; while [ -f {NodeFolder}/regtest/litecoind.pid ]; do sleep 0.1; done");
            await stop.WaitForExitAsync();
            Directory.Delete(NodeFolder, recursive: true);
        }
    }

    private string Block(string name)
    {
        var block = Blocks().Matches(readme).SingleOrDefault(match => match.Groups["name"].Value == name);
        return block?.Groups["text"].Value ?? throw new InvalidOperationException($"The README has no block '{name}'.");
    }

    /// <summary>A shop that outlived its test would hold the port of the next.</summary>
    private async Task<string> PasteBeside(Process shop, string name)
    {
        try
        {
            await Answers(shop);
            return await Paste(name);
        }
        finally
        {
            await End(shop);
        }
    }

    private async Task<string> Paste(string name)
    {
        using var shell = Start(Block(name));
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var printed = await shell.StandardOutput.ReadToEndAsync(patience.Token);
            await shell.WaitForExitAsync(patience.Token);
            Assert.True(shell.ExitCode == 0, $"The block '{name}' ended with {shell.ExitCode}:\n{printed}");
            return printed;
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
        }
    }

    private Process Start(string commands)
    {
        var start = new ProcessStartInfo("bash", ["-c", commands]) { RedirectStandardOutput = true, WorkingDirectory = Repository.Root };
        start.Environment["Data__Directory"] = dataDirectory;
        // What is built already: `dotnet run` would build the other configuration first.
        start.Environment["Configuration"] = PublishedHost.Configuration;
        return Process.Start(start)!;
    }

    private static async Task Answers(Process shop)
    {
        shop.OutputDataReceived += (_, _) => { };
        shop.BeginOutputReadLine();
        using var patience = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (IsFree(Port))
        {
            Assert.False(shop.HasExited, "The shop ended by itself.");
            await look.WaitForNextTickAsync(patience.Token);
        }
    }

    private static async Task End(Process shop)
    {
        shop.Kill(entireProcessTree: true);
        await shop.WaitForExitAsync();

        // The host is a child of what was started. Once its port is closed it writes no more, and the next test finds the port free.
        using var patience = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!IsFree(Port))
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    [GeneratedRegex(@"<!-- tested: (?<name>\w+) -->\n```sh\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
