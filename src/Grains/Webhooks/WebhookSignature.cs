using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpenBitum.Webhooks;

/// <summary>
/// Both signatures of a delivery: the plain HMAC of the body, and Standard Webhooks
/// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
/// </summary>
public static class WebhookSignature
{
    public const string PlainHeader = "x-openbitum-signature";
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string StandardHeader = "webhook-signature";

    private const string Version = "v1,";

    /// <summary>Lower-case hex of HMAC-SHA256(key, body).</summary>
    public static string Plain(ReadOnlySpan<byte> key, ReadOnlySpan<byte> body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, body));

    /// <summary>`v1,` and base64 of HMAC-SHA256(key, id "." timestamp "." body).</summary>
    public static string Standard(ReadOnlySpan<byte> key, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        var prefix = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}."));
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(prefix);
        hash.AppendData(body);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return Version + Convert.ToBase64String(digest);
    }

    /// <summary>The same under a key and the one before it, for receivers that know only either.</summary>
    public static string Standard(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> previousKey, string id, long unixSeconds, ReadOnlySpan<byte> body) =>
        $"{Standard(key, id, unixSeconds, body)} {Standard(previousKey, id, unixSeconds, body)}";
}
