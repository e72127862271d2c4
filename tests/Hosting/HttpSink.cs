using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenBitum.Tests.Hosting;

/// <summary>One request that a sink has got.</summary>
/// <param name="Headers">By lower-case name.</param>
public sealed record SinkRequest(string Path, ImmutableSortedDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

/// <summary>What a sink answers, once <see cref="After"/> has happened.</summary>
public sealed record SinkAnswer(int Status, string Body = "", Task? After = null, params (string Name, string Value)[] Headers);

/// <summary>A merchant's endpoint: a real HTTP server on loopback that keeps what it gets.</summary>
public sealed class HttpSink : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication server;
    private readonly Channel<SinkRequest> received = Channel.CreateUnbounded<SinkRequest>();
    private readonly Func<SinkRequest, SinkAnswer> answer;
    private int open;

    private HttpSink(WebApplication server, Func<SinkRequest, SinkAnswer> answer)
    {
        this.server = server;
        this.answer = answer;
    }

    public Uri Url => new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Requests that have not been answered yet.</summary>
    public int Open => Volatile.Read(ref open);

    /// <param name="answer">Called for each request, several at once.</param>
    public static async Task<HttpSink> Start(Func<SinkRequest, SinkAnswer> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var server = builder.Build();
        var sink = new HttpSink(server, answer);
        server.Run(sink.Take);
        await server.StartAsync();
        return sink;
    }

    /// <summary>The next request in the order of their arrival.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<SinkRequest> Next() => await received.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>True when all that came has been taken by <see cref="Next"/>.</summary>
    public bool IsEmpty => received.Reader.Count == 0;

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        Interlocked.Increment(ref open);
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var request = new SinkRequest(
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToImmutableSortedDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
                body.ToArray());
            var said = answer(request);
            received.Writer.TryWrite(request);
            await (said.After ?? Task.CompletedTask).WaitAsync(context.RequestAborted);
            context.Response.StatusCode = said.Status;
            foreach (var (name, value) in said.Headers)
            {
                context.Response.Headers[name] = value;
            }

            await context.Response.WriteAsync(said.Body, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller has hung up, which is its right.
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }
}
