using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace OpenBitum.Tests.Http;

/// <summary>Bytes to the server as they are written: a well-behaved client would put them right on the way.</summary>
internal sealed class RawHttp : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient socket = new();
    private readonly CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<byte> read = [];

    // Asked of the socket once: it gives none when the server has closed its end.
    private NetworkStream stream = null!;

    private RawHttp() => limited.CancelAfter(Patience);

    public static async Task<RawHttp> Connect(ApiServer server)
    {
        var raw = new RawHttp();
        await raw.socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port, raw.limited.Token);
        raw.stream = raw.socket.GetStream();
        return raw;
    }

    /// <summary>One request on a connection of its own. Characters up to U+00FF are bytes.</summary>
    public static async Task<RawReply> Send(ApiServer server, string request)
    {
        await using var raw = await Connect(server);
        await raw.Write(request);
        return await raw.Read(hasBody: !request.StartsWith("HEAD ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("The server closed the connection without an answer.");
    }

    public async Task Write(string request) => await Write(Encoding.Latin1.GetBytes(request));

    /// <summary>The server may have answered and closed before it had everything: that is its right.</summary>
    public async Task Write(ReadOnlyMemory<byte> request)
    {
        try
        {
            await stream.WriteAsync(request, limited.Token);
        }
        catch (IOException)
        {
            // Its answer, if it gave one, can still be read.
        }
    }

    /// <summary>The next answer on the connection, without those of status 1xx; null when the server has closed it.</summary>
    public async Task<RawReply?> Read(bool hasBody = true)
    {
        int end;
        while ((end = EndOfHead()) < 0)
        {
            if (!await More())
            {
                Assert.True(read.Count == 0, $"Half an answer: {Text(read.Count)}");
                return null;
            }
        }

        var lines = Text(end).Split("\r\n");
        read.RemoveRange(0, end + 4);
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        if (status < 200)
        {
            return await Read(hasBody);
        }

        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToLookup(line => line[0], line => line[1], StringComparer.OrdinalIgnoreCase);
        var length = hasBody && status != 304 && headers["Content-Length"].FirstOrDefault() is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        while (read.Count < length)
        {
            Assert.True(await More(), $"The body of {lines[0]} ended after {read.Count} of {length} bytes.");
        }

        var body = Encoding.UTF8.GetString([.. read[..length]]);
        read.RemoveRange(0, length);
        return new RawReply(status, headers, body);
    }

    /// <summary>The server has closed the connection, or reset it, and said nothing more.</summary>
    public async Task<bool> IsClosed() => !await More() && read.Count == 0;

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        limited.Dispose();
        return ValueTask.CompletedTask;
    }

    private int EndOfHead() => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(read).IndexOf("\r\n\r\n"u8);

    private string Text(int length) => Encoding.Latin1.GetString([.. read[..length]]);

    private async Task<bool> More()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            var count = await stream.ReadAsync(buffer, limited.Token);
            read.AddRange(buffer.AsSpan(0, count));
            return count > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}

/// <summary>What came back, byte for byte.</summary>
internal sealed record RawReply(int Status, ILookup<string, string> Headers, string Body)
{
    public string? this[string header] => Headers[header].SingleOrDefault();
}
