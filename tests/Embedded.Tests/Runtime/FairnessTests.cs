using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Conformance;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Runtime;

public sealed class FairnessTests
{
    private const int Callers = 64;
    private const int CallsEach = 2_000;

    /// <summary>In their turn, all make nearly the same number; out of it, some make ten times that of others.</summary>
    private const int MostTimesAsMany = 4;

    // Where some are kept out for ever, the others stop here.
    private const int MostCallsOfOne = 1_000 * CallsEach;

    [Fact]
    public async Task Callers_that_never_pause_do_not_keep_each_other_waiting()
    {
        // Threads once served their own latest work first: a few pairs of caller and grain made millions of calls while others waited
        // until they timed out. Here the clock stands still, so that no call is late, however slow the machine is.
        await using var host = await TestHost.Start(new TestHostOptions
        {
            Clock = new ManualClock(),
            Services = services => services.AddSingleton(new Journal()),
        });
        var unstarted = Callers;
        var behind = Callers;

        async Task<int> CallUntilAllHave(string key)
        {
            var grain = host.GrainFactory.GetGrain<ICallGrain>(key);
            await grain.Nothing();
            Interlocked.Decrement(ref unstarted);
            var calls = 0;
            while (Volatile.Read(ref behind) > 0 && calls <= MostCallsOfOne)
            {
                await grain.Nothing();

                // Whoever starts first would be ahead.
                if (Volatile.Read(ref unstarted) == 0 && ++calls == CallsEach)
                {
                    Interlocked.Decrement(ref behind);
                }
            }

            return calls;
        }

        var callers = Enumerable.Range(0, Callers).Select(number => Task.Factory.StartNew(
            () => CallUntilAllHave($"grain {number}"), TestContext.Current.CancellationToken, TaskCreationOptions.None, TaskScheduler.Default).Unwrap());
        var made = (await Task.WhenAll(callers)).Order().ToArray();

        // Without an eighth at either end: a thread that the machine stops holds up the one caller that it serves, while all others go on.
        var (slow, fast) = (made[Callers / 8], made[^((Callers / 8) + 1)]);
        Assert.InRange(slow, CallsEach, MostCallsOfOne);
        Assert.InRange(fast, slow, MostTimesAsMany * slow);
    }
}
