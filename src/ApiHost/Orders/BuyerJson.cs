using System.Text.Json;
using System.Text.Unicode;
using OpenBitum.Json;

namespace OpenBitum.Orders;

/// <summary>The buyer's view as it is sent.</summary>
internal static class BuyerJson
{
    private const int LongestTail = 64;

    /// <summary>The view with `serverTime` at its end: it changes with every answer, so it is no part of the version.</summary>
    public static byte[] Of(BuyerOrderView view, DateTimeOffset now) => WithTime(JsonSerializer.SerializeToUtf8Bytes(view, WireJson.Options), now);

    /// <param name="order">A view without the time.</param>
    public static byte[] WithTime(ReadOnlySpan<byte> order, DateTimeOffset now)
    {
        Span<byte> tail = stackalloc byte[LongestTail];
        Utf8.TryWrite(tail, $",\"serverTime\":\"{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"}}", out var length);
        return [.. order[..^1], .. tail[..length]];
    }
}
