using System.Globalization;
using System.Text;
using Xunit;

namespace OpenBitum.Tests.Http;

/// <summary>Bodies at and beyond the 256 KiB that one may have, as bytes on a connection.</summary>
public sealed class LargeBodyTests(SharedServer shared)
{
    private const string Checkout = "/api/checkout/initiate";

    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task Chunks_are_read_to_256_KiB_and_no_further()
    {
        // The server counts the lines between chunks too.
        const int most = 256 * 1024;
        Assert.Equal(422, (await Chunked(most - 1024, "")).Status);

        var refused = await Chunked(most + 1, "");
        Assert.Equal(413, refused.Status);
        Assert.StartsWith("""{"error":"payload_too_large",""", refused.Body, StringComparison.Ordinal);
        Assert.Equal(413, (await Chunked(16 * most, "Expect: 100-continue\r\n")).Status);

        async Task<RawReply> Chunked(int length, string header)
        {
            var text = $$"""{"x":"{{new string('a', length - 8)}}"}""";
            var request = new StringBuilder(
                $"POST {Checkout} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{header}Transfer-Encoding: chunked\r\n\r\n");
            foreach (var chunk in text.Chunk(16 * 1024))
            {
                request.Append(CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n").Append(chunk).Append("\r\n");
            }

            return await RawHttp.Send(server, request.Append("0\r\n\r\n").ToString());
        }
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_read_to_its_end_so_that_a_gateway_hears_why_it_is_refused()
    {
        const int length = 1024 * 1024;
        await using var raw = await RawHttp.Connect(server);
        await raw.Write(Head(length) + new string('a', length));
        Assert.Equal(413, (await raw.Read())?.Status);

        await raw.Write("GET /healthz/live HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(200, (await raw.Read())?.Status);
    }

    [Fact]
    public async Task Of_a_body_of_more_than_1_MiB_nothing_is_read()
    {
        await using var raw = await RawHttp.Connect(server);
        await raw.Write(Head((1024 * 1024) + 1));

        Assert.Equal(413, (await raw.Read())?.Status);
        Assert.True(await raw.IsClosed());
    }

    [Fact]
    public async Task Who_asks_before_sending_too_much_is_told_not_to()
    {
        await using var raw = await RawHttp.Connect(server);
        await raw.Write(
            $"POST {Checkout} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n");

        Assert.Equal(413, (await raw.Read())?.Status);
        Assert.True(await raw.IsClosed());
    }

    private static string Head(int length) =>
        $"POST {Checkout} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n";
}
