using System.Net;
using System.Net.Sockets;
using OpenBitum.Outbox;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Webhooks;

public sealed class EndpointClientTests
{
    private static readonly EndpointPolicy Strict = new(IsLocal: false, PrivateHosts: []);
    private static readonly EndpointPolicy Local = new(IsLocal: true, PrivateHosts: default);

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_not_called()
    {
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(200));
        using var client = Client(new EndpointGuard(Strict, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])));

        var answer = await Post(client, new UriBuilder(sink.Url) { Host = "rebind.example" }.Uri);

        Assert.Null(answer.Status);
        Assert.Equal("The host leads to an address that is not one of the public internet.", answer.Response);
        Assert.True(sink.IsEmpty);
    }

    [Fact]
    public async Task A_named_private_host_is_called_at_the_address_that_was_checked()
    {
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(200, "here"));
        using var client = Client(
            new EndpointGuard(new EndpointPolicy(false, ["sink"]), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])));

        var answer = await Post(client, new UriBuilder(sink.Url) { Host = "sink" }.Uri);

        Assert.Equal((200, "here"), (answer.Status, answer.Response));
        Assert.StartsWith("sink:", (await sink.Next()).Headers["host"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed_and_a_cookie_not_kept(int status)
    {
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(status, "", null, ("location", "/elsewhere"), ("set-cookie", "a=1")));
        using var client = Client(new EndpointGuard(Local));

        var answer = await Post(client, sink.Url);
        await Post(client, sink.Url);

        Assert.Equal((status, false), (answer.Status, answer.IsSuccess));
        Assert.Equal("/", (await sink.Next()).Path);
        var second = await sink.Next();
        Assert.Equal("/", second.Path);
        Assert.DoesNotContain("cookie", second.Headers.Keys);
        Assert.True(sink.IsEmpty);
    }

    [Fact]
    public async Task At_most_16_KiB_of_an_answer_are_kept_and_a_long_one_is_left()
    {
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(200, new string('é', 1_000_000)));
        using var client = Client(new EndpointGuard(Local));

        var answer = await Post(client, sink.Url);

        Assert.Equal(200, answer.Status);
        Assert.Equal(new string('é', 8 * 1_024), answer.Response);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Thu, 01 Jan 2026 00:01:00 GMT", 60)]
    [InlineData("tomorrow", null)]
    public async Task Retry_after_is_read_as_seconds_or_as_a_date(string header, int? seconds)
    {
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(429, "", null, ("retry-after", header)));
        using var client = Client(new EndpointGuard(Local));

        var answer = await Post(client, sink.Url);

        Assert.Equal(429, answer.Status);
        Assert.Equal(seconds is { } value ? TimeSpan.FromSeconds(value) : null, answer.RetryAfter);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_an_answer_in_words()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = Client(new EndpointGuard(Local));

        var answer = await Post(client, new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/"));

        Assert.Null(answer.Status);
        Assert.Equal("The connection was refused.", answer.Response);
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_an_answer_in_words()
    {
        await using var sink = await HttpSink.Start(_ => new SinkAnswer(200));
        using var client = Client(new EndpointGuard(Local));

        var answer = await Post(client, new UriBuilder(sink.Url) { Scheme = "https" }.Uri);

        Assert.Null(answer.Status);
        Assert.Equal("The TLS handshake failed; is the certificate valid for this host?", answer.Response);
        Assert.True(sink.IsEmpty);
    }

    /// <summary>Its time stands still, so no exchange is too slow.</summary>
    private static EndpointClient Client(EndpointGuard guard) => new(PatientNetwork.Through(guard), new ManualClock());

    private static Task<EndpointAnswer> Post(EndpointClient client, Uri url) => client.Post(
        SignedRequest.Of(url, new byte[32], new EventId("evt_01JD0000000000000000000001"), "{}", DateTimeOffset.UnixEpoch),
        TestContext.Current.CancellationToken).WaitAsync(PatientNetwork.Patience, TestContext.Current.CancellationToken);
}
