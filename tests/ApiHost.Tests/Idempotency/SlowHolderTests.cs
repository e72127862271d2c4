using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Idempotency;
using OpenBitum.Tests.Hosting;
using Orleans;
using Xunit;

namespace OpenBitum.Tests.Idempotency;

/// <summary>A request that takes longer than its lease is taken for dead, and comes back all the same.</summary>
public sealed class SlowHolderTests : IAsyncLifetime
{
    private const string Checkout = "/api/checkout/initiate";
    private const string Keys = "/api/merchant/keys";

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());
    private readonly Endings endings = new();
    private ApiServer server = null!;

    public async ValueTask InitializeAsync() => server = await ApiServer.Start(replace: services =>
        services.AddSingleton<TimeProvider>(clock).AddSingleton<IOutgoingGrainCallFilter>(endings).AddSingleton<IIncomingGrainCallFilter>(endings));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_late_refusal_does_not_free_the_key_of_whoever_holds_it_now()
    {
        var product = await server.NewProduct(fields: new() { ["active"] = false });
        var refused = endings.Hold(nameof(IIdempotencyGrain.Refuse));
        var slow = Buy(product);
        await refused.Reached;
        clock.Advance(Lease);
        await Activate(product);

        var made = endings.Hold(nameof(IIdempotencyGrain.Complete));
        var next = Buy(product);
        await made.Reached;
        refused.Release();
        await refused.Ended;
        var third = Buy(product);
        made.Release();

        Reply[] replies = [await slow, await next, await third];
        Assert.All(replies, reply => Assert.Equal((HttpStatusCode.Created, replies[0].Body), (reply.Status, reply.Body)));
        Assert.Equal(["true", null, "true"], replies.Select(reply => reply.Headers.GetValueOrDefault("Idempotent-Replayed")));
        Assert.Single((await server.Get("/api/merchant/orders", server.Admin())).Json["data"]!.AsArray());
    }

    [Fact]
    public async Task A_late_answer_does_not_take_the_place_of_the_one_that_stands()
    {
        var first = endings.Hold(nameof(IIdempotencyGrain.Complete));
        var slow = NewKey();
        await first.Reached;
        clock.Advance(Lease);

        // The second call resumes with the same id, and its text of the key replaces the first one's, which is worth nothing now.
        var second = await NewKey();
        first.Release();

        Assert.Equal(second.Body, (await slow).Body);
        Assert.Equal("true", (await slow).Headers["Idempotent-Replayed"]);
        Assert.Equal(second.Body, (await NewKey()).Body);
        Assert.Equal(HttpStatusCode.OK, (await Read(second.Text("key"))).Status);
    }

    [Fact]
    public async Task A_late_answer_waits_for_the_one_that_is_being_made()
    {
        var first = endings.Hold(nameof(IIdempotencyGrain.Complete));
        var slow = NewKey();
        await first.Reached;
        clock.Advance(Lease);
        var second = endings.Hold(nameof(IIdempotencyGrain.Complete));
        var next = NewKey();
        await second.Reached;
        var waiting = endings.NextBegin();
        first.Release();
        await Task.WhenAny(waiting, slow);
        clock.Advance(Patience);

        Assert.Equal("idempotency_in_progress", (await slow).Error);
        second.Release();
        Assert.Equal(HttpStatusCode.Created, (await next).Status);
        Assert.Equal((await next).Body, (await NewKey()).Body);
        Assert.Equal(HttpStatusCode.OK, (await Read((await next).Text("key"))).Status);
    }

    [Fact]
    public async Task A_late_answer_is_kept_where_nobody_came_in_between()
    {
        var first = endings.Hold(nameof(IIdempotencyGrain.Complete));
        var slow = NewKey();
        await first.Reached;
        clock.Advance(Lease);
        first.Release();

        Assert.Equal(HttpStatusCode.Created, (await slow).Status);
        Assert.Equal((await slow).Body, (await NewKey()).Body);
    }

    [Fact]
    public async Task Within_the_lease_nobody_goes_on_in_its_place()
    {
        var first = endings.Hold(nameof(IIdempotencyGrain.Complete));
        var slow = NewKey();
        await first.Reached;
        clock.Advance(Lease - Patience - TimeSpan.FromMilliseconds(1));
        var waiting = endings.NextBegin();
        var next = NewKey();
        await Task.WhenAny(waiting, next);
        clock.Advance(Patience);

        Assert.Equal("idempotency_in_progress", (await next).Error);
        first.Release();
        Assert.Equal(HttpStatusCode.Created, (await slow).Status);
    }

    private Task<Reply> Buy(string product) => server.Post(
        Checkout, new JsonObject { ["productId"] = product, ["email"] = "buyer@example.com" }, null, ("Idempotency-Key", "slow"));

    private Task<Reply> NewKey() => server.Post(
        Keys, new JsonObject { ["name"] = "shop", ["scopes"] = new JsonArray("products:read") }, server.Admin(), ("Idempotency-Key", "slow"));

    private Task<Reply> Read(string key) => server.Get("/api/products", null, ("Ocp-Apim-Subscription-Key", key));

    private async Task Activate(string product)
    {
        var changed = await server.Send(
            HttpMethod.Patch, $"/api/merchant/products/{product}", ApiServer.Json("""{"active":true}"""), server.Admin());
        Assert.Equal(HttpStatusCode.OK, changed.Status);
    }

    /// <summary>Holds the next call of a method before it reaches its grain, and tells when a call waits inside.</summary>
    private sealed class Endings : IOutgoingGrainCallFilter, IIncomingGrainCallFilter
    {
        private readonly Lock gate = new();
        private (string Method, Stop Stop)? armed;
        private TaskCompletionSource? begun;

        /// <summary>Ends when the next Begin has gone as far as it could at once.</summary>
        public Task NextBegin()
        {
            var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref begun, next);
            return next.Task;
        }

        public Task Invoke(IIncomingGrainCallContext context)
        {
            // The call runs here until it first waits.
            var call = context.Invoke();
            if (IsOf(context, nameof(IIdempotencyGrain.Begin)))
            {
                Interlocked.Exchange(ref begun, null)?.TrySetResult();
            }

            return call;
        }

        public Stop Hold(string method)
        {
            lock (gate)
            {
                var stop = new Stop();
                armed = (method, stop);
                return stop;
            }
        }

        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            if (Take(context) is not { } stop)
            {
                await context.Invoke();
                return;
            }

            await stop.Wait();
            await context.Invoke();
            stop.End();
        }

        private Stop? Take(IOutgoingGrainCallContext context)
        {
            lock (gate)
            {
                if (armed is not { } found || !IsOf(context, found.Method))
                {
                    return null;
                }

                armed = null;
                return found.Stop;
            }
        }

        private static bool IsOf(IGrainCallContext context, string method) =>
            context.InterfaceMethod.DeclaringType == typeof(IIdempotencyGrain) && context.MethodName == method;
    }

    private sealed class Stop
    {
        /// <summary>What never comes fails, and does not hang.</summary>
        private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => reached.Task.WaitAsync(Longest);

        public Task Ended => ended.Task.WaitAsync(Longest);

        public Task Wait()
        {
            reached.TrySetResult();
            return released.Task;
        }

        public void Release() => released.TrySetResult();

        public void End() => ended.TrySetResult();
    }
}
