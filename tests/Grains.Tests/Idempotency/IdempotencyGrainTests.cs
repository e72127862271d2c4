using Microsoft.Extensions.DependencyInjection;
using OpenBitum.ReadModel;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Idempotency;

/// <summary>A holder's answer is on its way to the store when its lease ends, and arrives while another holds the key.</summary>
public sealed class IdempotencyGrainTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly StoredAnswer First = new(201, null, "");
    private static readonly StoredAnswer Second = new(200, null, "");

    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());
    private readonly SlowStore store = new();
    private FeatureHost host = null!;

    private IIdempotencyGrain Key => host.Grains.GetGrain<IIdempotencyGrain>("key");

    public async ValueTask InitializeAsync() => host = await FeatureHost.Start(clock, silo =>
    {
        var known = silo.Services.Last(service => service.ServiceType == typeof(IDatabase)).ImplementationType!;
        silo.Services.AddSingleton<IDatabase>(services => store.Over((IDatabase)ActivatorUtilities.CreateInstance(services, known)));
        silo.AddIncomingGrainCallFilter(store);
    });

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task An_answer_stays_when_a_later_holder_was_refused()
    {
        var later = await AnswerLate();

        Assert.False(await Key.Refuse(later));

        Assert.Equal((IdempotencyState.Replay, First), await Begin());
    }

    [Fact]
    public async Task An_answer_stays_when_a_later_holder_was_answered_otherwise()
    {
        var later = await AnswerLate();

        Assert.False(await Key.Complete(later, Second));

        Assert.Equal((IdempotencyState.Replay, First), await Begin());
    }

    [Fact]
    public async Task A_refusal_frees_the_key_where_nobody_has_answered()
    {
        var ticket = await Key.Begin("body");

        Assert.True(await Key.Refuse(ticket.Hold));
        Assert.False(await Key.Refuse(ticket.Hold));

        Assert.Equal(IdempotencyState.Fresh, (await Key.Begin("another body")).State);
    }

    /// <summary>The hold of the later one.</summary>
    private async Task<string> AnswerLate()
    {
        var early = await Key.Begin("body");
        store.HoldNextWrite();
        var answering = Key.Complete(early.Hold, First);
        await store.Written;
        clock.Advance(Lease);
        var later = await Key.Begin("body");
        Assert.Equal((IdempotencyState.Fresh, early.Seed), (later.State, later.Seed));
        store.Release();
        await store.Completed;

        // It waited for longer than a call may take, which the engine without a clock of its own does not notice.
        await Task.WhenAny(answering);
        return later.Hold;
    }

    private async Task<(IdempotencyState, StoredAnswer?)> Begin()
    {
        var ticket = await Key.Begin("body");
        return (ticket.State, ticket.Answer);
    }

    /// <summary>A store whose answers may be held back, and which tells when a grain has made something of one.</summary>
    private sealed class SlowStore : IDatabase, IIncomingGrainCallFilter
    {
        private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private IDatabase database = null!;
        private int isArmed;

        public Task Written => written.Task;

        public Task Completed => completed.Task;

        public SlowStore Over(IDatabase real)
        {
            database = real;
            return this;
        }

        public void HoldNextWrite() => Volatile.Write(ref isArmed, 1);

        public void Release() => released.TrySetResult();

        public async Task<T> Write<T>(Func<SqlSession, Task<T>> work)
        {
            var isHeld = Interlocked.Exchange(ref isArmed, 0) == 1;
            var result = await database.Write(work);
            if (isHeld)
            {
                written.TrySetResult();
                await released.Task;
            }

            return result;
        }

        public Task<T> Read<T>(Func<SqlSession, Task<T>> query) => database.Read(query);

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            await context.Invoke();
            if (context.MethodName == nameof(IIdempotencyGrain.Complete))
            {
                completed.TrySetResult();
            }
        }
    }
}
