using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using OpenBitum.Outbox;

namespace OpenBitum.Webhooks;

/// <summary>One attempt as it goes over the wire.</summary>
/// <param name="Headers">All that we set; the transport adds host and length.</param>
public sealed record SignedRequest(Uri Url, ImmutableSortedDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    public const string ContentType = "content-type";

    /// <summary>`OpenBitum-Webhooks/0.1.0`.</summary>
    public static string UserAgent { get; } =
        $"OpenBitum-Webhooks/{typeof(SignedRequest).Assembly.GetName().Version?.ToString(3)}";

    /// <param name="id">The event, the same on every attempt.</param>
    /// <param name="body">The event's frozen JSON.</param>
    /// <param name="at">The moment of this attempt.</param>
    public static SignedRequest Of(Uri url, ReadOnlySpan<byte> key, EventId id, string body, DateTimeOffset at)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var seconds = at.ToUnixTimeSeconds();
        var headers = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        headers[ContentType] = "application/json";
        headers["user-agent"] = UserAgent;
        headers[WebhookSignature.IdHeader] = id.Value;
        headers[WebhookSignature.TimestampHeader] = seconds.ToString(CultureInfo.InvariantCulture);
        headers[WebhookSignature.StandardHeader] = WebhookSignature.Standard(key, id.Value, seconds, bytes);
        headers[WebhookSignature.PlainHeader] = WebhookSignature.Plain(key, bytes);
        return new SignedRequest(url, headers.ToImmutable(), bytes);
    }
}
