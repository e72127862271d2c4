using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenBitum.Tests.Hosting;

/// <summary>
/// A real litecoind on regtest, with a wallet that holds mature coins: the payer of the tests. A dialect of Bitcoin Core 0.21.
/// </summary>
public sealed class Litecoind : IAsyncDisposable
{
    private const string Wallet = "payer";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(3);

    // One call mines hundreds of blocks.
    private static readonly TimeSpan CallTimeout = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo folder;
    private readonly bool hasExtensionBlocks;
    private readonly HttpClient http = new() { Timeout = CallTimeout };
    private Process? process;

    private Litecoind(DirectoryInfo folder, int port, bool hasExtensionBlocks)
    {
        this.folder = folder;
        this.hasExtensionBlocks = hasExtensionBlocks;
        Port = port;
        process = Launch();
    }

    public int Port { get; }

    public string RpcUrl => $"http://127.0.0.1:{Port}";

    /// <summary>Written at each start, removed at the end.</summary>
    public string CookieFile => Path.Combine(folder.FullName, "regtest", ".cookie");

    /// <summary>Why there is no litecoind on this machine; null when there is one.</summary>
    public static string? Missing { get; } = Binary() is null ? "Debian's package litecoind is not installed" : null;

    /// <summary>Starts one over a folder of its own and mines it a wallet of mature coins.</summary>
    /// <param name="hasExtensionBlocks">Whether MWEB is in force at the end of the start, which takes 432 blocks.</param>
    public static async Task<Litecoind> Start(bool hasExtensionBlocks = false)
    {
        // The node syncs at every step; a file system in memory makes that free.
        var parent = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(parent, "openbitum-litecoind-" + Path.GetRandomFileName()));
        var node = new Litecoind(folder, FreePort.Next(), hasExtensionBlocks);
        await node.Answers();
        await node.Call("createwallet", Wallet);
        await node.Mine(hasExtensionBlocks ? 431 : 101);
        if (hasExtensionBlocks)
        {
            // The block that puts the rules in force has to hold a peg-in.
            await node.Send((string)(await node.Call("getnewaddress", "", "mweb"))!, 100_000_000);
            await node.Mine(2);
        }

        return node;
    }

    /// <summary>Starts again after a <see cref="Stop"/>: a new cookie, the same chain and mempool.</summary>
    public async Task Restart()
    {
        process = Launch();
        await Answers();
        await Call("loadwallet", Wallet);
    }

    /// <summary>Ends the node in its own order, so that it keeps what it knows.</summary>
    public async Task Stop()
    {
        await Call("stop");
        await process!.WaitForExitAsync().WaitAsync(StopTimeout);
        process.Dispose();
        process = null;
    }

    /// <summary>An RPC call; an error of the node throws.</summary>
    public async Task<JsonNode?> Call(string method, params object[] parameters)
    {
        using var answer = await Post(method, parameters);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return body["error"] is { } error ? throw new InvalidOperationException($"{method}: {error["message"]}") : body["result"];
    }

    /// <summary>A fresh address of the payer's own wallet.</summary>
    public async Task<string> Address() => (string)(await Call("getnewaddress"))!;

    /// <summary>The scriptPubKey of an address, in hex.</summary>
    public async Task<string> Script(string address) => (string)(await Call("getaddressinfo", address))!["scriptPubKey"]!;

    public async Task<string[]> Mine(int blocks, string? address = null) =>
        [.. (await Call("generatetoaddress", blocks, address ?? await Address()))!.AsArray().Select(hash => (string)hash!)];

    /// <summary>Mines a block with just these transactions, given by id or in hex.</summary>
    public async Task<string> MineOnly(params string[] transactions) =>
        (string)(await Call("generateblock", await Address(), transactions))!["hash"]!;

    /// <summary>Pays from the wallet; answers the transaction's id. It can be replaced while it is unconfirmed.</summary>
    public async Task<string> Send(string address, long atoms) => (string)(await Call("sendtoaddress", address, Coins(atoms)))!;

    /// <summary>Replaces an unconfirmed transaction by one of a higher fee; answers its id.</summary>
    public async Task<string> Bump(string txId) => (string)(await Call("bumpfee", txId))!["txid"]!;

    /// <summary>Signs a transaction that spends what another one spends, to another address: its rival.</summary>
    public async Task<string> Rival(string txId, string address)
    {
        var spent = await Call("getrawtransaction", txId, true);
        var inputs = spent!["vin"]!.AsArray().Select(input => new { txid = (string)input!["txid"]!, vout = (int)input["vout"]! }).ToArray();
        var atoms = 0L;
        foreach (var input in inputs)
        {
            var source = await Call("getrawtransaction", input.txid, true);
            atoms += (long)((decimal)source!["vout"]![input.vout]!["value"]! * 100_000_000m);
        }

        const long fee = 100_000;
        var raw = await Call("createrawtransaction", inputs, new Dictionary<string, object> { [address] = Coins(atoms - fee) });
        return (string)(await Call("signrawtransactionwithwallet", (string)raw!))!["hex"]!;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync().WaitAsync(StopTimeout);
            process.Dispose();
        }

        http.Dispose();
        folder.Delete(recursive: true);
    }

    private static decimal Coins(long atoms) => atoms / 100_000_000m;

    private static string? Binary() =>
        new[] { "/usr/lib/litecoin/litecoind", "/usr/lib/litecoind/litecoind" }.FirstOrDefault(File.Exists);

    private Process Launch() => Process.Start(new ProcessStartInfo(
        Binary() ?? throw new InvalidOperationException(Missing),
        [
            "-regtest", "-server", "-txindex", "-fallbackfee=0.0001", "-connect=0", "-listen=0", "-addresstype=bech32",
            "-mempoolreplacement=1", "-walletrbf=1", "-printtoconsole=0", "-dnsseed=0",
            $"-datadir={folder.FullName}", $"-rpcport={Port.ToString(CultureInfo.InvariantCulture)}",
            .. hasExtensionBlocks ? Array.Empty<string>() : ["-vbparams=mweb:-2:0"],
        ])
    {
        UseShellExecute = false,
        RedirectStandardError = true,
        RedirectStandardOutput = true,
    })!;

    private async Task Answers()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await Call("getblockcount");
                return;
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidOperationException or JsonException)
            {
                if (process!.HasExited || waited.Elapsed > StartTimeout)
                {
                    throw new InvalidOperationException("litecoind did not start.", failure);
                }

                await Task.Delay(50);
            }
        }
    }

    private async Task<HttpResponseMessage> Post(string method, object[] parameters)
    {
        var body = JsonSerializer.Serialize(new { id = 0, method, @params = parameters });
        using var request = new HttpRequestMessage(HttpMethod.Post, RpcUrl) { Content = new StringContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(await File.ReadAllTextAsync(CookieFile))));
        return await http.SendAsync(request);
    }
}
