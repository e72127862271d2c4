using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace OpenBitum.Chains;

/// <summary>A chain of Bitcoin's kind, read from a node: Bitcoin Core from 0.21 on and its derivatives.</summary>
/// <param name="rpc">Its node.</param>
/// <param name="batchSize">Calls per HTTP request.</param>
public sealed class BitcoinChain(BitcoinRpc rpc, int batchSize) : IChain
{
    private const int HeaderLength = 80;

    private (string Hash, DateTimeOffset Time)? knownTip;

    public async Task<ChainTip> Tip(CancellationToken cancellationToken)
    {
        var tip = await rpc.Batch(
            [new("getblockchaininfo"), new("getmempoolinfo"), new("getblockhash", 0L)],
            answers =>
            {
                var chain = BitcoinRpc.Result(answers[0]);
                var mempool = BitcoinRpc.Result(answers[1]);
                return new ChainTip(
                    chain.GetProperty("blocks").GetInt64(),
                    Text(chain, "bestblockhash"),
                    default,
                    Text(BitcoinRpc.Result(answers[2])),
                    IsSyncing(chain) || (mempool.TryGetProperty("loaded", out var loaded) && !loaded.GetBoolean()));
            },
            cancellationToken);
        if (knownTip?.Hash != tip.Hash)
        {
            // Older nodes tell the median time only, which lags by an hour.
            var time = await rpc.Call(
                new("getblockheader", tip.Hash), answer => HeaderOf(BitcoinRpc.Result(answer)).Time, cancellationToken);
            knownTip = (tip.Hash, time);
        }

        return tip with { Time = knownTip.Value.Time };
    }

    public async Task<ImmutableArray<ChainHeader>> Headers(long from, int count, CancellationToken cancellationToken)
    {
        var headers = ImmutableArray.CreateBuilder<ChainHeader>();
        for (var height = from; height < from + count; height += batchSize)
        {
            var wanted = (int)Math.Min(batchSize, from + count - height);
            var hashes = await rpc.Batch(Calls("getblockhash", height, wanted), HashesOf, cancellationToken);
            if (hashes.Length > 0)
            {
                headers.AddRange(await rpc.Batch(
                    [.. hashes.Select(hash => new RpcCall("getblockheader", hash))],
                    answers => answers.Select(answer => HeaderOf(BitcoinRpc.Result(answer))).ToArray(),
                    cancellationToken));
            }

            if (hashes.Length < wanted)
            {
                break;
            }
        }

        return headers.ToImmutable();
    }

    public async Task<ChainBlock> Block(ChainHeader header, CancellationToken cancellationToken)
    {
        var raw = await rpc.Call(new("getblock", header.Hash, 0), answer => BlockOf(header, answer), cancellationToken);
        return new ChainBlock(header, raw);
    }

    public Task<MempoolListing> Mempool(CancellationToken cancellationToken) => rpc.Batch(
        [new("getrawmempool"), new("getbestblockhash")],
        answers =>
        {
            var listed = BitcoinRpc.Result(answers[0]);
            var ids = new List<TxId>(listed.GetArrayLength());
            foreach (var id in listed.EnumerateArray())
            {
                ids.Add(TxId.Parse(JsonMarshal.GetRawUtf8Value(id)[1..^1]));
            }

            return new MempoolListing(Text(BitcoinRpc.Result(answers[1])), ids);
        },
        cancellationToken);

    public async Task<IReadOnlyList<ChainTransaction>> Transactions(IReadOnlyCollection<TxId> ids, CancellationToken cancellationToken)
    {
        var found = new List<ChainTransaction>(ids.Count);
        foreach (var some in ids.Chunk(batchSize))
        {
            found.AddRange(await rpc.Batch(
                [.. some.Select(id => new RpcCall("getrawtransaction", id.ToString()))],
                answers => some.Zip(answers).Where(pair => IsThere(pair.Second))
                    .Select(pair => new ChainTransaction(pair.First, RpcAnswer.Bytes(pair.Second.Result))).ToArray(),
                cancellationToken));
        }

        return found;
    }

    public async Task<NodeDerivation> DeriveAddresses(string descriptor, int count, CancellationToken cancellationToken)
    {
        try
        {
            var withChecksum = descriptor.Contains('#', StringComparison.Ordinal)
                ? descriptor
                : await rpc.Call(
                    new("getdescriptorinfo", descriptor),
                    answer => answer.Error is null ? $"{descriptor}#{Text(answer.Result, "checksum")}" : null,
                    cancellationToken);
            var addresses = withChecksum is null
                ? null
                : await rpc.Call<ImmutableArray<string>?>(
                    new("deriveaddresses", withChecksum, ImmutableArray.Create(0, count - 1)),
                    answer => answer.Error is null ? [.. answer.Result.EnumerateArray().Select(Text)] : null,
                    cancellationToken);
            return addresses is { } derived
                ? new NodeDerivation(NodeDerivationStatus.Derived, derived)
                : new NodeDerivation(NodeDerivationStatus.NotSupported, []);
        }
        catch (ChainUnavailableException)
        {
            return new NodeDerivation(NodeDerivationStatus.Unreachable, []);
        }
    }

    private static bool IsSyncing(JsonElement chain) =>
        // On regtest a node believes that it syncs whenever nobody has mined for a day.
        Text(chain, "chain") != "regtest"
        && chain.TryGetProperty("initialblockdownload", out var syncing) && syncing.GetBoolean();

    private static RpcCall[] Calls(string method, long from, int count)
    {
        var calls = new RpcCall[count];
        for (var index = 0; index < count; index++)
        {
            calls[index] = new RpcCall(method, from + index);
        }

        return calls;
    }

    private static string[] HashesOf(RpcAnswer[] answers) =>
        [.. answers.TakeWhile(answer => answer.Error?.Code != RpcError.InvalidParameter).Select(answer => Text(BitcoinRpc.Result(answer)))];

    private static ChainHeader HeaderOf(JsonElement header) => new(
        header.GetProperty("height").GetInt64(),
        Text(header, "hash"),
        header.TryGetProperty("previousblockhash", out var parent) ? Text(parent) : "",
        DateTimeOffset.FromUnixTimeSeconds(header.GetProperty("time").GetInt64()));

    private static byte[] BlockOf(ChainHeader header, RpcAnswer answer)
    {
        if (answer.Error is { Code: RpcError.InvalidAddressOrKey or RpcError.Misc } error)
        {
            throw new ChainUnavailableException(ChainFault.BlockMissing, $"The node has not block {header.Hash}: {error.Message}");
        }

        var raw = RpcAnswer.Bytes(BitcoinRpc.Result(answer));
        return raw.Length > HeaderLength && HashOf(raw) == header.Hash
            ? raw
            : throw new FormatException("The node answers another block than it was asked for.");
    }

    private static string HashOf(ReadOnlySpan<byte> block) => TxId.Of(block[..HeaderLength]).ToString();

    private static bool IsThere(RpcAnswer answer) =>
        answer.Error is not { Code: RpcError.InvalidAddressOrKey } && BitcoinRpc.Result(answer).ValueKind == JsonValueKind.String;

    private static string Text(JsonElement element, string name) => Text(element.GetProperty(name));

    private static string Text(JsonElement element) => element.GetString() ?? throw new FormatException("A text was expected.");
}
