using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace OpenBitum.Access;

/// <summary>The wire to an external issuer: short waits, small answers, few connections.</summary>
internal sealed class IssuerConnection(TimeProvider clock) : IDisposable
{
    private const int MaximumBytes = 1 << 20;

    /// <summary>Whoever asks us often to sign in must not make us flood the issuer.</summary>
    private const int MostConnections = 16;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        // An issuer answers under its own name; whatever else a redirect leads to is somebody else.
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = MostConnections,
    })
    {
        MaxResponseContentBufferSize = MaximumBytes,
    };

    /// <summary>What was thrown because the issuer did not answer, or not what its protocol says.</summary>
    public static bool IsUnreachable(Exception failure, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested && failure is (HttpRequestException or JsonException
            or KeyNotFoundException or InvalidOperationException or ArgumentException or OperationCanceledException);

    public async Task<JsonElement> Get(string address, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Timeout, clock);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        return JsonElement.Parse(await http.GetByteArrayAsync(address, limited.Token));
    }

    /// <summary>Posts a form; a refusal has a body of its own (RFC 6749 section 5.2).</summary>
    /// <exception cref="HttpRequestException">Neither an answer nor a refusal came back.</exception>
    public async Task<(bool IsDone, JsonElement Body)> Post(
        string address, IEnumerable<KeyValuePair<string, string>> form, AuthenticationHeaderValue? client, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Timeout, clock);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = client;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await http.SendAsync(request, limited.Token);
        if (!response.IsSuccessStatusCode && response.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized))
        {
            throw new HttpRequestException($"{address} answered {(int)response.StatusCode}.");
        }

        return (response.IsSuccessStatusCode, JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(limited.Token)));
    }

    public void Dispose() => http.Dispose();
}
