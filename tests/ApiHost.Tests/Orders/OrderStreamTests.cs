using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Orders;
using OpenBitum.Tests.Access;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Orders;

public sealed class OrderStreamTests(SharedServer shared)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ManualClock clock = new();

    [Fact]
    public async Task A_buyer_hears_of_an_order_at_once_and_of_each_change()
    {
        await using var server = await Start();
        var order = await NewOrder(server);
        var path = $"/api/orders/{order}";
        using var stream = await Stream.Open(server, order);

        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache, private", stream.Response.Headers.CacheControl!.ToString());
        Assert.Equal("no", Assert.Single(stream.Response.Headers.GetValues("X-Accel-Buffering")));
        Assert.Equal("retry: 2000", await stream.Next(clock));
        var first = await stream.NextEvent(clock);
        var seen = await server.Get(path);
        Assert.StartsWith($"id: {seen.Headers["ETag"].Trim('"')}\nevent: order\ndata: {{\"orderId\":\"{order}\",\"status\":\"pending\"", first, StringComparison.Ordinal);
        Assert.Equal(seen.Json.AsObject().Select(field => field.Key), Data(first).AsObject().Select(field => field.Key));

        await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order, ["confirmations"] = 0 });
        Assert.Equal("processing", Data(await stream.NextEvent(clock))["status"]!.GetValue<string>());

        await server.Post("/api/sandbox/mine", new JsonObject { ["blocks"] = 1 });
        Assert.Equal("paid", Data(await stream.NextEvent(clock))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_happens_within_a_second_is_told_once()
    {
        await using var server = await Start();
        var order = await NewOrder(server);
        using var stream = await Stream.Open(server, order);
        await stream.FirstEvent();

        // The clock stands still, and nobody has to wait until the first change is heard.
        var isHeard = clock.Wait(TimeSpan.FromSeconds(1));
        await Pay("1");
        await isHeard;
        await Pay("2");
        await Pay("16.9");

        clock.Advance(TimeSpan.FromSeconds(1));
        var told = await stream.Next() ?? "";
        Assert.Equal(
            "paid: 1, 2, 16.9",
            $"{Data(told)["status"]}: {string.Join(", ", Data(told)["payments"]!.AsArray().Select(payment => payment!["amount"]))}");
        Assert.Equal(":", await stream.Next(clock));

        async Task Pay(string amount) => Assert.Equal(
            HttpStatusCode.OK, (await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order, ["amount"] = amount })).Status);
    }

    [Fact]
    public async Task A_quiet_stream_has_a_comment_every_15_seconds()
    {
        await using var server = await Start();
        var order = await NewOrder(server);
        var isQuiet = clock.Wait(TimeSpan.FromSeconds(15));
        using var stream = await Stream.Open(server, order);
        await stream.FirstEvent();
        for (var count = 0; count < 4; count++)
        {
            await isQuiet;
            isQuiet = clock.Wait(TimeSpan.FromSeconds(15));
            clock.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(":", await stream.Next());
        }
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_ends_no_stream()
    {
        using var questions = new HeldQuestions();
        await using var server = await Start(questions);
        var order = await NewOrder(server);
        using var stream = await Stream.Open(server, order);
        await stream.NextEvent(clock);

        // The first question is given up after half a minute, and the stream asks again.
        await questions.Asked();
        clock.Advance(TimeSpan.FromSeconds(31));
        await questions.Asked();
        questions.Release();

        await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order });
        Assert.Equal("paid", Data(await stream.NextEvent(clock))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Whoever_knows_the_version_is_not_told_it_again()
    {
        await using var server = await Start();
        var order = await NewOrder(server);
        var version = (await server.Get($"/api/orders/{order}")).Headers["ETag"].Trim('"');

        using var knowing = await Stream.Open(server, order, version);
        Assert.Equal("retry: 2000", await knowing.Next(clock));
        Assert.Equal(":", await knowing.Next(clock));
        await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order });
        Assert.Equal("paid", Data(await knowing.NextEvent(clock))["status"]!.GetValue<string>());

        using var former = await Stream.Open(server, order, version);
        Assert.Equal("paid", Data(await former.NextEvent(clock))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_stream_ends_after_ten_minutes_and_in_good_order()
    {
        await using var server = await Start();
        var order = await NewOrder(server);
        var start = clock.GetUtcNow();
        using var stream = await Stream.Open(server, order);
        await stream.FirstEvent();

        while (await stream.Next(clock, TimeSpan.FromSeconds(5)) is { } comment)
        {
            Assert.Equal(":", comment);
        }

        Assert.True(clock.GetUtcNow() - start >= TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_host_has_a_bound_of_streams_and_gives_each_place_back()
    {
        await using var server = await ApiServer.Start(new() { ["Orders:StreamsPerHost"] = "1" });
        var order = await server.NewOrder(await server.NewProduct());
        var path = $"/api/orders/{order}/events";

        using (await Stream.Open(server, order))
        {
            var refused = await server.Get(path);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (refused.Status, refused.Error));
            Assert.Equal("1", refused.Headers["Retry-After"]);
        }

        // HEAD opens a stream and ends it at once.
        await Eventually.Reads(() => server.Send(HttpMethod.Head, path, null), head => head.Status is HttpStatusCode.OK);
        await Eventually.Reads(() => server.Send(HttpMethod.Head, path, null), head => head.Status is HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_address_does_not_take_the_places_of_all_others()
    {
        await using var server = await ApiServer.Start(
            new() { ["Orders:StreamsPerHost"] = "3", ["Orders:StreamsPerAddress"] = "1", ["RateLimits:PublicPerMinutePerAddress"] = "0" },
            ClientAddresses.Use);
        var order = await server.NewOrder(await server.NewProduct());
        var path = $"/api/orders/{order}/events";

        using (await Stream.Open(server, order, from: "2001:db8:1:1::1"))
        {
            // Its owner takes as many addresses out of a network as they like.
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Get(path, null, From("2001:db8:1:1::2"))).Status);
            using var neighbour = await Stream.Open(server, order, from: "2001:db8:1:2::1");
            using var other = await Stream.Open(server, order, from: "203.0.113.1");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Get(path, null, From("203.0.113.2"))).Status);
        }

        await Eventually.Reads(
            () => server.Send(HttpMethod.Head, path, null, null, From("2001:db8:1:1::2")), head => head.Status is HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await server.Send(HttpMethod.Head, path, null, null, From("203.0.113.2"))).Status);

        static (string, string) From(string address) => (ClientAddresses.Header, address);
    }

    [Fact]
    public async Task A_host_that_stops_ends_its_streams_in_good_order()
    {
        await using var server = await ApiServer.Start();
        using var stream = await Stream.Open(server, await server.NewOrder(await server.NewProduct()));
        Assert.Equal("retry: 2000", await stream.Next());

        var restart = server.Restart();

        // A connection that is cut would throw.
        while (await stream.Next() is not null)
        {
        }

        await restart;
    }

    [Fact]
    public async Task An_unknown_order_has_no_stream()
    {
        var server = shared.Server;
        foreach (var id in new[] { "ord_01ARZ3NDEKTSV4RRFFQ69G5FAV", "no-id" })
        {
            var unknown = await server.Get($"/api/orders/{id}/events");
            Assert.Equal((HttpStatusCode.NotFound, """{"error":"not_found"}"""), (unknown.Status, unknown.Body));
        }
    }

    private async Task<ApiServer> Start(params IIncomingGrainCallFilter[] filters)
    {
        var server = await ApiServer.Start(replace: services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            foreach (var filter in filters)
            {
                services.AddSingleton(filter);
            }
        });
        // The follower looks by its timer, and the clock stands: it is made to look before there is anything to see.
        Assert.Equal(HttpStatusCode.OK, (await server.Post("/api/sandbox/mine", new JsonObject { ["blocks"] = 1 })).Status);
        return server;
    }

    private static async Task<string> NewOrder(ApiServer server) =>
        await server.NewOrder(await server.NewProduct(fields: new JsonObject { ["ttlSeconds"] = 604_800 }));

    private static JsonNode Data(string told) => JsonNode.Parse(told[(told.IndexOf("\ndata: ", StringComparison.Ordinal) + 7)..])!;

    /// <summary>Keeps those who ask an order for its next version waiting.</summary>
    private sealed class HeldQuestions : IIncomingGrainCallFilter, IDisposable
    {
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim asked = new(0);

        /// <summary>Ends with the next question that has come.</summary>
        public async Task Asked() => Assert.True(
            await asked.WaitAsync(Patience, TestContext.Current.CancellationToken), "Nobody has asked the order for its next version.");

        public void Release() => released.TrySetResult();

        public void Dispose()
        {
            Release();
            asked.Dispose();
        }

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.MethodName == nameof(IOrderGrain.Next))
            {
                asked.Release();
                await released.Task;
            }

            await context.Invoke();
        }
    }

    private sealed class Stream(HttpResponseMessage response, StreamReader reader) : IDisposable
    {
        private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
        private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

        /// <summary>After some minutes; only a failing test comes so far.</summary>
        private static readonly TimeSpan LastBreath = TimeSpan.FromSeconds(10);

        public HttpResponseMessage Response { get; } = response;

        public static async Task<Stream> Open(ApiServer server, string order, string? lastEventId = null, string? from = null)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"/api/orders/{order}/events");
            if (lastEventId is not null)
            {
                request.Headers.Add("Last-Event-ID", lastEventId);
            }

            if (from is not null)
            {
                request.Headers.Add(ClientAddresses.Header, from);
            }

            var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return new Stream(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
        }

        /// <summary>The next lines up to an empty one; null at the end of the stream.</summary>
        public async Task<string?> Next()
        {
            var lines = new List<string>();
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (line.Length == 0)
                {
                    return string.Join('\n', lines);
                }

                lines.Add(line);
            }

            return lines.Count == 0 ? null : throw new InvalidDataException($"The stream ends within {lines[0]}");
        }

        /// <summary>What is told at once, which takes no time.</summary>
        public async Task<string> FirstEvent()
        {
            Assert.Equal("retry: 2000", await Next());
            var first = await Next();
            Assert.StartsWith("id: ", first, StringComparison.Ordinal);
            return first!;
        }

        /// <summary>
        /// The same, while time passes: a little after each breath of real time, and ever more slowly, so that a host which stalls for
        /// a minute comes along and does not find that the stream's ten minutes are over.
        /// </summary>
        public async Task<string?> Next(ManualClock clock, TimeSpan? step = null)
        {
            var breath = Breath;
            var next = Next();
            for (var steps = 1; await Task.WhenAny(next, Task.Delay(breath, TestContext.Current.CancellationToken)) != next; steps++)
            {
                Assert.True(breath < LastBreath, $"Nothing came until {clock.GetUtcNow():O}");
                clock.Advance(step ?? Step);
                breath = steps % 15 == 0 ? 2 * breath : breath;
            }

            return await next;
        }

        public async Task<string> NextEvent(ManualClock clock)
        {
            while (true)
            {
                var next = await Next(clock);
                Assert.NotNull(next);
                if (next.StartsWith("id: ", StringComparison.Ordinal))
                {
                    return next;
                }
            }
        }

        public void Dispose()
        {
            reader.Dispose();
            Response.Dispose();
        }
    }
}
