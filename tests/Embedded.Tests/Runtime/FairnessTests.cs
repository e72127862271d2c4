using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Conformance;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Runtime;

public sealed class FairnessTests
{
    private const int Callers = 64;
    private const int CallsEach = 2_000;

    /// <summary>
    /// A thread that the machine stops holds one caller, while the others go on with some 10,000 calls a second each: this is minutes of it.
    /// </summary>
    private const int MostCallsOfOne = 1_000 * CallsEach;

    [Fact]
    public async Task Callers_that_never_pause_do_not_keep_each_other_waiting()
    {
        // Threads once served their own latest work first: a few pairs of caller and grain made millions of calls while others waited
        // until they timed out.
        // The clock stands still, so that no call is late, however slow the machine is.
        await using var host = await TestHost.Start(new TestHostOptions
        {
            Clock = new ManualClock(),
            Services = services => services.AddSingleton(new Journal()),
        });
        var behind = Callers;

        async Task<int> CallUntilAllHave(string key)
        {
            var grain = host.GrainFactory.GetGrain<ICallGrain>(key);
            var calls = 0;
            while (Volatile.Read(ref behind) > 0 && calls <= MostCallsOfOne)
            {
                await grain.Nothing();
                if (++calls == CallsEach)
                {
                    Interlocked.Decrement(ref behind);
                }
            }

            return calls;
        }

        var callers = Enumerable.Range(0, Callers).Select(number => Task.Factory.StartNew(
            () => CallUntilAllHave($"grain {number}"), TestContext.Current.CancellationToken, TaskCreationOptions.None, TaskScheduler.Default).Unwrap());
        var made = await Task.WhenAll(callers);

        Assert.All(made, calls => Assert.InRange(calls, CallsEach, MostCallsOfOne));
    }
}
