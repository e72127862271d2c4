using System.Text.Json.Nodes;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.EndToEnd;

/// <summary>One real sale's surroundings: a litecoind on regtest, the published host in its own process, and a merchant's endpoint.</summary>
public sealed class Market : IAsyncLifetime
{
    /// <summary>M/0'/1/2' of BIP32's first test vector in its testnet spelling: anybody's key, so the node is only asked to watch.</summary>
    private const string Key =
        "wpkh(tpubDDRojdS4jYQXNugn4t2WLrZ7mjfAyoVQu7MLk4eurqFCbrc7cHLZX8W5YRS8ZskGR9k9t3PqVv68bVBjAyW4nWM9pTGRddt3GQftg6MVQsm/0/*)";

    private string dataDirectory = "";

    /// <summary>Why there is no market on this machine; null when there is one.</summary>
    internal static string? Missing => Litecoind.Missing ?? GrainProcess.Missing;

    internal Litecoind Node { get; private set; } = null!;

    internal HostProcess Host { get; private set; } = null!;

    internal WebhookSink Sink { get; private set; } = null!;

    internal Shop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        dataDirectory = Directory.CreateTempSubdirectory("openbitum-sale-").FullName;
        Node = await Litecoind.Start();
        await Node.Mine(110);
        Sink = await WebhookSink.Start();
        Host = new HostProcess(dataDirectory, new Dictionary<string, string>
        {
            ["Chains:LTC:Network"] = "regtest",
            ["Chains:LTC:RpcUrl"] = Node.RpcUrl,
            ["Chains:LTC:RpcCookieFile"] = Node.CookieFile,
            ["Chains:LTC:PollIntervalMilliseconds"] = "200",
            ["Rates:Fixed:LTC:USD"] = "80",
        });
        await Host.Start();

        Shop = new Shop(Host.Address, await Host.Verb("token", "--role", "admin"));
        await Shop.SetWallet("LTC", Key);
        Sink.Secret = await Shop.Subscribe(Sink.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is null)
        {
            return;
        }

        Shop.Dispose();
        await Host.DisposeAsync();
        await Sink.DisposeAsync();
        await Node.DisposeAsync();
        Directory.Delete(dataDirectory, recursive: true);
    }

    /// <summary>A new order, its address and what is due in whole litoshi; the node's own wallet watches the address from now on.</summary>
    internal async Task<(string Id, string Address, long Due)> Order(int? ttlSeconds = null)
    {
        var product = await Shop.CreateProduct("19.90", "USD", ttlSeconds);
        var id = await Shop.Checkout(product);
        var method = (await Shop.Order(id))["paymentMethods"]![0]!;
        var address = (string)method["address"]!;
        await Node.Call("importaddress", address, "", false);
        return (id, address, Litoshi((string)method["due"]!));
    }

    internal Task Pay(string address, long litoshi) => Node.Send(address, litoshi);

    /// <summary>Waits until the buyer's view says so.</summary>
    internal Task Until(string orderId, Func<JsonNode, bool> isSo, string what) =>
        Host.Until(async () => isSo(await Shop.Order(orderId)), $"order {orderId}: {what}");

    /// <summary>Waits until the sink has had exactly these events of the order, and no other; all verified, in their sequence.</summary>
    internal async Task Told(string orderId, params string[] types)
    {
        await Host.Until(() => Task.FromResult(Sink.Of(orderId).Count >= types.Length), $"the sink has {string.Join(", ", types)} of {orderId}");
        var events = Sink.Of(orderId);
        Assert.Equal(types.Order(), events.Select(item => item.Type).Order());
        Assert.Equal(Enumerable.Range(1, types.Length).Select(number => (long)number), events.Select(item => item.Sequence));
        Assert.All(Sink.All, item => Assert.True(item.Verified, $"{item.Type} {item.Id} does not verify"));
    }

    /// <summary>What the node's own wallet says the address has received, unconfirmed money included, equals what the order says.</summary>
    internal async Task NodeAgrees(string orderId, string address)
    {
        var received = await Node.Call("getreceivedbyaddress", address, 0);
        var payments = (await Shop.Order(orderId))["payments"]!.AsArray();
        Assert.Equal(Litoshi(received!.ToJsonString()), payments.Sum(payment => Litoshi((string)payment!["amount"]!)));
    }

    internal async Task<IReadOnlyList<JsonNode>> EntitlementsOf(string orderId)
    {
        var token = await Host.Verb("token", "--role", "customer", "--email", "buyer@example.com");
        var all = (await Shop.Entitlements(token))["data"]!.AsArray();
        return [.. all.Where(item => (string?)item!["orderId"] == orderId).Select(item => item!)];
    }

    internal static long Litoshi(string amount) =>
        (long)(decimal.Parse(amount, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture) * 100_000_000m);
}
