using System.Text;
using System.Text.Unicode;

namespace OpenBitum.Orders;

/// <summary>The buyer's view as it is sent.</summary>
internal static class BuyerJson
{
    private const int LongestTail = 64;

    /// <summary>The view with `serverTime` at its end: it changes with every answer, so it is no part of the version.</summary>
    /// <param name="order">A view without the time.</param>
    public static byte[] WithTime(string order, DateTimeOffset now)
    {
        Span<byte> tail = stackalloc byte[LongestTail];
        Utf8.TryWrite(tail, $",\"serverTime\":\"{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"}}", out var length);
        var open = order.AsSpan(0, order.Length - 1);
        var bytes = new byte[Encoding.UTF8.GetByteCount(open) + length];
        tail[..length].CopyTo(bytes.AsSpan(Encoding.UTF8.GetBytes(open, bytes)));
        return bytes;
    }
}
