using Microsoft.AspNetCore.Http;

namespace OpenBitum.Chains;

public sealed class BitcoinRpcTests : IAsyncLifetime
{
    private NodeStub node = null!;

    public async ValueTask InitializeAsync() => node = await NodeStub.Start();

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task A_batch_is_one_request_and_its_answers_come_in_the_order_of_the_calls()
    {
        node.Answer = (method, parameters) => $"{method} {(long)parameters[0]!}";

        var answers = await node.Client(new ChainOptions()).Batch(
            [new("getblockhash", 7L), new("getblockhash", 8L)],
            all => all.Select(answer => answer.Result.GetString()!).ToArray(),
            Token);

        Assert.Equal(["getblockhash 7", "getblockhash 8"], answers);
        Assert.Equal([2], node.Requests);
    }

    [Fact]
    public async Task An_error_under_status_200_is_an_error()
    {
        node.Answer = (_, _) => new RpcError(RpcError.InvalidAddressOrKey, "Block not found");

        var error = await node.Client(new ChainOptions()).Call(new("getblock", "00"), answer => answer.Error, Token);

        Assert.Equal(new RpcError(-5, "Block not found"), error);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    public async Task An_error_under_its_own_status_is_the_same_error(int status)
    {
        node.Instead = context => Write(context, status, """{"result":null,"error":{"code":-32601,"message":"Method not found"},"id":0}""");

        var error = await node.Client(new ChainOptions()).Call(new("nonsense"), answer => answer.Error, Token);

        Assert.Equal(RpcError.MethodNotFound, error!.Code);
    }

    [Fact]
    public async Task A_node_that_warms_up_is_starting_even_for_a_batch()
    {
        node.Instead = context => Write(context, 500, """{"result":null,"error":{"code":-28,"message":"Loading block index..."},"id":null}""");
        var client = node.Client(new ChainOptions());

        Assert.Equal(ChainFault.NodeStarting, (await Fault(() => client.Call(new("getblockcount"), BitcoinRpc.Result, Token))).Reason);
        Assert.Equal(ChainFault.NodeStarting, (await Fault(() => client.Batch([new("getblockcount")], all => all.Length, Token))).Reason);
    }

    [Fact]
    public async Task The_cookie_is_read_again_when_the_node_has_a_new_one()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "__cookie__:first", Token);
            node.Credentials = "__cookie__:first";
            node.Answer = (_, _) => 1;
            var client = node.Client(new ChainOptions { RpcCookieFile = file });
            await client.Call(new("getblockcount"), BitcoinRpc.Result, Token);

            await File.WriteAllTextAsync(file, "__cookie__:second", Token);
            node.Credentials = "__cookie__:second";
            await client.Call(new("getblockcount"), BitcoinRpc.Result, Token);

            node.Credentials = "__cookie__:third";
            Assert.Equal(
                ChainFault.Unauthorized, (await Fault(() => client.Call(new("getblockcount"), BitcoinRpc.Result, Token))).Reason);
            Assert.Equal(2, node.Requests.Count);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_wrong_password_is_unauthorized_and_is_not_repeated_in_the_message()
    {
        node.Credentials = "me:right";
        var fault = await Fault(() => node.Client(new ChainOptions { RpcUser = "me", RpcPassword = "wrong-secret" })
            .Call(new("getblockcount"), BitcoinRpc.Result, Token));

        Assert.Equal(ChainFault.Unauthorized, fault.Reason);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "<html>", ChainFault.BadAnswer)]
    [InlineData(503, "Work queue depth exceeded", ChainFault.NodeUnreachable)]
    [InlineData(200, "[]", ChainFault.BadAnswer)]
    [InlineData(200, "{}", ChainFault.BadAnswer)]
    public async Task What_is_no_answer_of_a_node_is_refused(int status, string body, string reason)
    {
        node.Instead = context => Write(context, status, body);
        var client = node.Client(new ChainOptions());

        Assert.Equal(reason, (await Fault(() => client.Call(new("getblockcount"), BitcoinRpc.Result, Token))).Reason);
        Assert.Equal(reason, (await Fault(() => client.Batch([new("getblockcount")], all => all.Length, Token))).Reason);
    }

    [Fact]
    public async Task A_node_that_is_down_is_unreachable()
    {
        var client = node.Client(new ChainOptions());
        await node.DisposeAsync();

        Assert.Equal(ChainFault.NodeUnreachable, (await Fault(() => client.Call(new("getblockcount"), BitcoinRpc.Result, Token))).Reason);
    }

    [Fact]
    public async Task Transactions_that_vanished_since_they_were_listed_are_left_out_and_batches_stay_bounded()
    {
        var ids = Enumerable.Range(0, 5).Select(number => TxId.Of([(byte)number])).ToArray();
        node.Answer = (_, parameters) => (string)parameters[0]! == ids[3].ToString()
            ? new RpcError(RpcError.InvalidAddressOrKey, "No such mempool transaction")
            : "00ff";
        var chain = new BitcoinChain(node.Client(new ChainOptions { RpcBatchSize = 2 }), 2);

        var found = await chain.Transactions(ids, Token);

        Assert.Equal(ids.Where((_, number) => number != 3), found.Select(transaction => transaction.Id));
        Assert.All(found, transaction => Assert.Equal([0x00, 0xff], transaction.Raw.ToArray()));
        Assert.Equal([2, 2, 1], node.Requests);
    }

    [Fact]
    public async Task A_block_that_the_node_pruned_is_missing_and_another_block_is_a_bad_answer()
    {
        var header = new ChainHeader(1, new string('1', 64), "", DateTimeOffset.UnixEpoch);
        var chain = new BitcoinChain(node.Client(new ChainOptions()), 10);

        node.Answer = (_, _) => new RpcError(RpcError.Misc, "Block not available (pruned data)");
        Assert.Equal(ChainFault.BlockMissing, (await Fault(() => chain.Block(header, Token))).Reason);

        node.Answer = (_, _) => new string('0', 200);
        Assert.Equal(ChainFault.BadAnswer, (await Fault(() => chain.Block(header, Token))).Reason);
    }

    [Fact]
    public async Task A_node_that_loads_its_mempool_or_syncs_is_starting()
    {
        var (chainName, syncing, loaded) = ("main", false, true);
        node.Answer = (method, _) => method switch
        {
            "getblockchaininfo" => new Dictionary<string, object>
            {
                ["chain"] = chainName, ["blocks"] = 5, ["bestblockhash"] = "aa", ["initialblockdownload"] = syncing,
            },
            "getmempoolinfo" => new Dictionary<string, object> { ["loaded"] = loaded },
            "getblockhash" => "bb",
            _ => new Dictionary<string, object> { ["height"] = 5, ["hash"] = "aa", ["previousblockhash"] = "a9", ["time"] = 1_700_000_000 },
        };
        var chain = new BitcoinChain(node.Client(new ChainOptions()), 10);

        Assert.Equal(new ChainTip(5, "aa", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), "bb", false), await chain.Tip(Token));
        loaded = false;
        Assert.True((await chain.Tip(Token)).Starting);
        (loaded, syncing) = (true, true);
        Assert.True((await chain.Tip(Token)).Starting);
        chainName = "regtest";
        Assert.False((await chain.Tip(Token)).Starting);
    }

    [Theory]
    [InlineData(RpcError.MethodNotFound)]
    [InlineData(RpcError.InvalidAddressOrKey)]
    public async Task A_descriptor_that_the_node_does_not_know_is_not_supported(int code)
    {
        node.Answer = (_, _) => new RpcError(code, "no");
        var chain = new BitcoinChain(node.Client(new ChainOptions()), 10);

        Assert.Equal(NodeDerivationStatus.NotSupported, (await chain.DeriveAddresses("tr(x/0/*)", 5, Token)).Status);
        await node.DisposeAsync();
        Assert.Equal(NodeDerivationStatus.Unreachable, (await chain.DeriveAddresses("tr(x/0/*)", 5, Token)).Status);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<ChainUnavailableException> Fault<T>(Func<Task<T>> call) => Assert.ThrowsAsync<ChainUnavailableException>(call);

    private static Task Write(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    }
}
