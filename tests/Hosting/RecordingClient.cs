namespace OpenBitum.Tests.Hosting;

/// <summary>Records what a client hears from a host in another process.</summary>
public sealed class RecordingClient(ExchangeLog log) : DelegatingHandler(new SocketsHttpHandler { UseCookies = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var answer = await base.SendAsync(request, cancellationToken);
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        foreach (var (name, values) in request.Headers.Concat(answer.Headers))
        {
            PlantedSecrets.Current.AddHeader(name, string.Join(' ', values));
        }

        PlantedSecrets.Current.AddBody(ExchangeLog.Text(body));
        log.Add(new Exchange(
            request.Method.Method,
            request.RequestUri!.PathAndQuery,
            request.Content?.Headers.ContentType?.ToString(),
            ExchangeLog.Text(sent),
            (int)answer.StatusCode,
            answer.Headers.Concat(answer.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
            ExchangeLog.Text(body),
            body.Length > ExchangeLog.MostBytes));
        return answer;
    }
}
