using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenBitum.Chains;

/// <summary>
/// A node that speaks as Bitcoin Core 28 does: JSON-RPC 2.0, where an error answers HTTP 200 and only one of result and error is
/// there, and a batch may be answered in any order.
/// </summary>
internal sealed class NodeStub : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly WebApplication host;

    private NodeStub(WebApplication host) => this.host = host;

    public Uri Url { get; private set; } = null!;

    /// <summary>What `user:password` must be; null: anybody.</summary>
    public string? Credentials { get; set; }

    /// <summary>What a call is answered; an <see cref="RpcError"/> is an error.</summary>
    public Func<string, JsonArray, object?> Answer { get; set; } = (_, _) => null;

    /// <summary>Instead of answering calls.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <summary>HTTP requests so far, by how many calls each had.</summary>
    public List<int> Requests { get; } = [];

    public static async Task<NodeStub> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stub = new NodeStub(builder.Build());
        stub.host.Run(stub.Handle);
        await stub.host.StartAsync();
        stub.Url = new Uri(stub.host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return stub;
    }

    /// <summary>Bitcoin's mainnet right after its beginning: block 0, whose header we give the time of the test, and nothing else.</summary>
    public static async Task<NodeStub> StartAtBlock0(DateTimeOffset now)
    {
        const string genesis = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
        var stub = await Start();
        stub.Answer = (method, _) => method switch
        {
            "getblockchaininfo" => new { chain = "main", blocks = 0, headers = 0, bestblockhash = genesis, initialblockdownload = false },
            "getmempoolinfo" => new { loaded = true },
            "getblockhash" or "getbestblockhash" => genesis,
            "getblockheader" => new { hash = genesis, height = 0, time = now.ToUnixTimeSeconds(), confirmations = 1 },
            "getrawmempool" => Array.Empty<string>(),
            _ => new RpcError(-32601, "Method not found"),
        };
        return stub;
    }

    /// <summary>A client that gives the node more time than a real one has: a loaded machine may need it to reach itself.</summary>
    public BitcoinRpc Client(ChainOptions options) => new(
        new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience }, options with { RpcUrl = Url });

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private async Task Handle(HttpContext context)
    {
        if (Instead is not null)
        {
            await Instead(context);
            return;
        }

        if (Credentials is not null
            && context.Request.Headers.Authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Credentials)))
        {
            context.Response.StatusCode = 401;
            return;
        }

        var body = await JsonNode.ParseAsync(context.Request.Body);
        var calls = body as JsonArray;
        Requests.Add(calls?.Count ?? 1);
        JsonNode answer = calls is null
            ? AnswerTo(body!)
            : new JsonArray([.. calls.Reverse().Select(call => (JsonNode)AnswerTo(call!))]);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private JsonObject AnswerTo(JsonNode call)
    {
        Assert.Equal("2.0", (string?)call["jsonrpc"]);
        var answer = new JsonObject { ["jsonrpc"] = "2.0" };
        switch (Answer((string)call["method"]!, call["params"]!.AsArray()))
        {
            case RpcError error:
                answer["error"] = new JsonObject { ["code"] = error.Code, ["message"] = error.Message };
                break;
            case var result:
                answer["result"] = System.Text.Json.JsonSerializer.SerializeToNode(result);
                break;
        }

        answer["id"] = (int)call["id"]!;
        return answer;
    }
}
