using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenBitum.Bench;

/// <summary>
/// An HTTP/1.1 load generator on bare sockets: the cheaper it is, the more of the two cores is left to what it measures. One request
/// at a time on each connection.
/// </summary>
internal static class Load
{
    /// <summary>Requests answered per second, and how long the slowest of a hundred took.</summary>
    public sealed record Result(double PerSecond, double P99Milliseconds, int Failures)
    {
        public override string ToString() =>
            FormattableString.Invariant($"{PerSecond:N0}/s, p99 {P99Milliseconds:N1} ms") + (Failures == 0 ? "" : $", {Failures} FAILED");
    }

    public static byte[] Post(string path, string json) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");

    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

    /// <summary>Sends the requests in turn over all connections for a while.</summary>
    /// <param name="warmUp">
    /// How many are answered before that. A number and no time: what a server does with its first requests is to compile, and on a
    /// slow machine it is not further after a while but after as many requests.
    /// </param>
    public static async Task<Result> Run(int port, int connections, int warmUp, TimeSpan duration, params byte[][] requests)
    {
        await Lanes(port, connections, () => Interlocked.Decrement(ref warmUp) >= 0, requests);
        var clock = Stopwatch.StartNew();
        var lanes = await Lanes(port, connections, () => clock.Elapsed < duration, requests);
        var seconds = clock.Elapsed.TotalSeconds;
        var latencies = lanes.SelectMany(lane => lane.Latencies).Order().ToArray();
        return new Result(
            latencies.Length / seconds,
            latencies.Length == 0 ? 0 : Stopwatch.GetElapsedTime(0, latencies[(int)(latencies.Length * 0.99)]).TotalMilliseconds,
            lanes.Sum(lane => lane.Failures));
    }

    private static Task<(List<long> Latencies, int Failures)[]> Lanes(int port, int connections, Func<bool> goesOn, byte[][] requests) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(lane => Task.Run(() => Lane(port, lane, goesOn, requests))));

    private static async Task<(List<long> Latencies, int Failures)> Lane(int port, int lane, Func<bool> goesOn, byte[][] requests)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        var latencies = new List<long>(100_000);
        var failures = 0;
        for (var next = lane; goesOn(); next++)
        {
            var started = Stopwatch.GetTimestamp();
            await socket.SendAsync(requests[next % requests.Length]);
            failures += await IsSuccess(socket, buffer) ? 0 : 1;
            latencies.Add(Stopwatch.GetTimestamp() - started);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return (latencies, failures);
    }

    private static async Task<bool> IsSuccess(Socket socket, byte[] buffer)
    {
        var filled = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
            if (read == 0)
            {
                throw new InvalidOperationException("The server closed the connection.");
            }

            filled += read;
            if (IsWhole(buffer.AsSpan(0, filled)))
            {
                return buffer[9] == (byte)'2';
            }
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = answer[..end];
        if (head.IndexOf("Transfer-Encoding: chunked"u8) >= 0)
        {
            return answer.EndsWith("0\r\n\r\n"u8);
        }

        var length = head.IndexOf("Content-Length: "u8);
        var digits = head[(length + "Content-Length: ".Length)..];
        var stop = digits.IndexOf((byte)'\r');
        return answer.Length >= end + 4 + int.Parse(stop < 0 ? digits : digits[..stop], System.Globalization.CultureInfo.InvariantCulture);
    }
}
