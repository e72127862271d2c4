using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using OpenBitum.Time;

namespace OpenBitum.Webhooks;

/// <summary>What came of one POST.</summary>
/// <param name="Status">HTTP status; null when no answer came.</param>
/// <param name="Duration">From the start of the exchange to its end.</param>
/// <param name="Response">The first 16 KiB of the answer's body, or why there was no answer.</param>
/// <param name="RetryAfter">How long the endpoint asks to be left alone.</param>
public sealed record EndpointAnswer(int? Status, TimeSpan Duration, string Response, TimeSpan? RetryAfter)
{
    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>The endpoint wants no more, ever.</summary>
    public bool IsGone => Status is (int)HttpStatusCode.Gone;
}

/// <summary>
/// Posts deliveries, all endpoints over one handler. Follows no redirect, keeps no cookie, asks no proxy, unpacks nothing.
/// </summary>
public sealed class EndpointClient : IDisposable
{
    private const int MostRead = 64 * 1_024;
    private const int MostKept = 16 * 1_024;
    private const int MostHeaderKilobytes = 16;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExchangeTimeout = TimeSpan.FromSeconds(15);

    private readonly HttpMessageInvoker invoker;
    private readonly TimeProvider clock;

    public EndpointClient(EndpointGuard guard, TimeProvider clock)
        : this(Handler(guard), clock)
    {
    }

    internal EndpointClient(HttpMessageHandler handler, TimeProvider clock)
    {
        this.clock = clock;
        invoker = new HttpMessageInvoker(handler);
    }

    /// <summary>Makes one attempt; every way in which the endpoint or the network fails is an answer.</summary>
    /// <exception cref="OperationCanceledException">The caller has cancelled.</exception>
    public async Task<EndpointAnswer> Post(SignedRequest request, CancellationToken cancellationToken)
    {
        // This is network, not grain code: only the caller's await goes back to its scheduler.
        var start = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(ExchangeTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var message = Message(request);
            using var response = await invoker.SendAsync(message, either.Token).ConfigureAwait(false);
            var text = await ReadStart(response, either.Token).ConfigureAwait(false);
            return new EndpointAnswer((int)response.StatusCode, clock.GetElapsedTime(start), text, RetryAfter(response.Headers.RetryAfter));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unanswered(start, timeout.IsCancellationRequested
                ? $"No complete answer within {ExchangeTimeout.Seconds} seconds."
                : $"No connection within {ConnectTimeout.Seconds} seconds.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            return Unanswered(start, Reason(failure));
        }
    }

    public void Dispose() => invoker.Dispose();

    internal static SocketsHttpHandler Handler(EndpointGuard guard) => new()
    {
        ConnectCallback = guard.Connect,
        ConnectTimeout = ConnectTimeout,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = MostHeaderKilobytes,
        // What we do not read is not waited for: its connection is closed.
        MaxResponseDrainSize = 0,
        // A name may move: a connection is used for a while and then opened, and checked, anew.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        // Trace ids of the inside are nobody's business.
        ActivityHeadersPropagator = null,
    };

    private static HttpRequestMessage Message(SignedRequest request)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, request.Url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(request.Body),
        };
        foreach (var (name, value) in request.Headers)
        {
            if (name == SignedRequest.ContentType)
            {
                message.Content.Headers.ContentType = new MediaTypeHeaderValue(value);
            }
            else
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    /// <summary>Reads up to 64 KiB so that the connection can be used again, and keeps the first 16 as text.</summary>
    private static async Task<string> ReadStart(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength == 0)
        {
            return "";
        }

        var buffer = ArrayPool<byte>.Shared.Rent(MostRead);
        var length = 0;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            int read;
            do
            {
                read = await stream.ReadAsync(buffer.AsMemory(length, MostRead - length), cancellationToken).ConfigureAwait(false);
                length += read;
            }
            while (read > 0 && length < MostRead);

            return Text(buffer.AsSpan(0, Math.Min(length, MostKept)));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            // The status has come, and it alone decides; a body that ends in the middle is kept as far as it came.
            return Text(buffer.AsSpan(0, Math.Min(length, MostKept)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return "";
        }

        // A character that the cut went through is left out, and PostgreSQL keeps no NUL in a text.
        var characters = new char[bytes.Length];
        var length = Encoding.UTF8.GetDecoder().GetChars(bytes, characters, flush: false);
        characters.AsSpan(0, length).Replace('\0', '\uFFFD');
        return new string(characters, 0, length);
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.Now(),
            _ => null,
        };

    private EndpointAnswer Unanswered(long start, string reason) => new(null, clock.GetElapsedTime(start), reason, null);

    /// <summary>Why there was no answer, in words that tell a tenant nothing about the inside of our network.</summary>
    private static string Reason(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case EndpointRefusedException refused:
                    return refused.Message;
                case AuthenticationException:
                    return "The TLS handshake failed; is the certificate valid for this host?";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "The connection was refused.";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return "The host's name was not found.";
                case SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable }:
                    return "The host cannot be reached.";
                case HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return "The connection was closed before an answer came.";
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }:
                    return "The answer was not a usable HTTP response.";
                default:
                    break;
            }
        }

        return "The connection failed before an answer came.";
    }
}
