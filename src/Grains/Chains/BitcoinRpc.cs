using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace OpenBitum.Chains;

/// <summary>One call of a node.</summary>
public readonly record struct RpcCall(string Method, params ImmutableArray<object> Parameters);

/// <summary>What a node refuses a call with; codes are Bitcoin Core's (rpc/protocol.h).</summary>
public sealed record RpcError(int Code, string Message)
{
    public const int MethodNotFound = -32601;
    public const int InvalidAddressOrKey = -5;
    public const int InvalidParameter = -8;
    public const int Misc = -1;
    public const int InWarmup = -28;
}

/// <summary>A result, valid while it is being read, or an error.</summary>
public readonly record struct RpcAnswer(JsonElement Result, RpcError? Error)
{
    /// <summary>The bytes of a result in hex, without a string in between: blocks have millions of digits.</summary>
    /// <exception cref="FormatException">Not hex.</exception>
    public static byte[] Bytes(JsonElement hex)
    {
        var quoted = JsonMarshal.GetRawUtf8Value(hex);
        return quoted.Length < 2 || quoted[0] != '"'
            ? throw new FormatException("Hex was expected.")
            : Convert.FromHexString(quoted[1..^1]);
    }
}

/// <summary>
/// A client of Bitcoin Core's JSON-RPC and of its derivatives': 1.0, where an error answers HTTP 500 and both members are always
/// there, and 2.0 (Core 28), where it answers 200 with only one of them.
/// </summary>
public sealed class BitcoinRpc(HttpClient http, ChainOptions options)
{
    // A mempool of 300,000 transactions is listed in 20 MB and the largest block is 8 MB of hex.
    private const int LongestAnswer = 256 * 1024 * 1024;

    private string? cookie;

    /// <summary>One call; an error of the node throws unless it is read.</summary>
    public async Task<T> Call<T>(RpcCall call, Func<RpcAnswer, T> read, CancellationToken cancellationToken)
    {
        using var answer = await Post(Body([call], isBatch: false), cancellationToken);
        return Read(() => read(AnswerOf(answer.RootElement)));
    }

    /// <summary>Several calls in one request; the answers come in the order of the calls. More than the batch size is a bug.</summary>
    public async Task<T> Batch<T>(IReadOnlyList<RpcCall> calls, Func<RpcAnswer[], T> read, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(calls.Count, options.RpcBatchSize);
        using var answer = await Post(Body(calls, isBatch: true), cancellationToken);
        return Read(() => read(InOrder(answer.RootElement, calls.Count)));
    }

    /// <summary>The result, where an error is not foreseen.</summary>
    /// <exception cref="ChainUnavailableException">The node answered an error.</exception>
    public static JsonElement Result(RpcAnswer answer) => answer.Error switch
    {
        null => answer.Result,
        { Code: RpcError.InWarmup } error => throw new ChainUnavailableException(ChainFault.NodeStarting, error.Message),
        var error => throw new ChainUnavailableException(ChainFault.BadAnswer, $"The node answers error {error.Code}: {error.Message}"),
    };

    private static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is FormatException or InvalidOperationException or KeyNotFoundException or JsonException)
        {
            throw new ChainUnavailableException(ChainFault.BadAnswer, "The node's answer has not the form that its method promises.", failure);
        }
    }

    private static RpcAnswer[] InOrder(JsonElement batch, int count)
    {
        if (batch.ValueKind != JsonValueKind.Array)
        {
            // The whole batch was refused, e.g. while the node warms up.
            Result(AnswerOf(batch));
            throw new FormatException("A batch is answered by a list.");
        }

        var answers = new RpcAnswer[count];
        var answered = 0;
        foreach (var item in batch.EnumerateArray())
        {
            // Answers of a batch may come in any order.
            answers[item.GetProperty("id").GetInt32()] = AnswerOf(item);
            answered++;
        }

        return answered == count ? answers : throw new FormatException("A batch is answered call by call.");
    }

    private static RpcAnswer AnswerOf(JsonElement item)
    {
        if (item.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            return new RpcAnswer(default, new RpcError(error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString() ?? ""));
        }

        return new RpcAnswer(item.GetProperty("result"), null);
    }

    private static byte[] Body(IReadOnlyList<RpcCall> calls, bool isBatch)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        if (isBatch)
        {
            writer.WriteStartArray();
        }

        for (var id = 0; id < calls.Count; id++)
        {
            writer.WriteStartObject();
            // A node that knows 2.0 answers so, an older one does not look at this member.
            writer.WriteString("jsonrpc", "2.0");
            writer.WriteNumber("id", id);
            writer.WriteString("method", calls[id].Method);
            writer.WritePropertyName("params");
            JsonSerializer.Serialize(writer, calls[id].Parameters);
            writer.WriteEndObject();
        }

        if (isBatch)
        {
            writer.WriteEndArray();
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private async Task<JsonDocument> Post(byte[] body, CancellationToken cancellationToken)
    {
        var used = await Credentials(cancellationToken);
        var (status, answer) = await Send(body, used, cancellationToken);
        if (status == HttpStatusCode.Unauthorized && options.RpcCookieFile is not null)
        {
            cookie = null;
            var renewed = await Credentials(cancellationToken);
            if (renewed != used)
            {
                (status, answer) = await Send(body, renewed, cancellationToken);
            }
        }

        return status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? throw new ChainUnavailableException(ChainFault.Unauthorized, $"The node answers {(int)status}: its user, password or cookie is another.")
            : Parsed(status, answer);
    }

    private static JsonDocument Parsed(HttpStatusCode status, byte[] answer)
    {
        try
        {
            return JsonDocument.Parse(answer);
        }
        catch (JsonException failure)
        {
            throw new ChainUnavailableException(
                status == HttpStatusCode.ServiceUnavailable ? ChainFault.NodeUnreachable : ChainFault.BadAnswer,
                $"The node answers {(int)status} and no JSON.",
                failure);
        }
    }

    private async Task<string?> Credentials(CancellationToken cancellationToken)
    {
        if (options.RpcCookieFile is not { } file)
        {
            return options.RpcUser is null ? null : $"{options.RpcUser}:{options.RpcPassword}";
        }

        try
        {
            return cookie ??= (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The node removes its cookie when it stops.
            throw new ChainUnavailableException(ChainFault.NodeUnreachable, $"The cookie file cannot be read: {failure.Message}", failure);
        }
    }

    private async Task<(HttpStatusCode Status, byte[] Answer)> Send(byte[] body, string? credentials, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.RpcUrl) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (credentials is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(credentials)));
        }

        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException failure)
        {
            throw new ChainUnavailableException(ChainFault.NodeUnreachable, $"The node does not answer: {failure.Message}", failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChainUnavailableException(
                ChainFault.NodeUnreachable, $"The node does not answer within {options.RpcTimeoutSeconds} s.", failure);
        }
    }

    /// <summary>A client for one node: no proxy, no redirects, everything bounded.</summary>
    public static HttpClient Connect(ChainOptions options) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(Math.Min(5, options.RpcTimeoutSeconds)),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = TimeSpan.FromSeconds(options.RpcTimeoutSeconds),
        MaxResponseContentBufferSize = LongestAnswer,
    };
}
