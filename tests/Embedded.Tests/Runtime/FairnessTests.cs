using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Conformance;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Runtime;

public sealed class FairnessTests
{
    private const int Callers = 64;
    private const int CallsEach = 2_000;

    [Fact]
    public async Task Callers_that_never_pause_do_not_keep_each_other_waiting()
    {
        // Threads once served their own latest work first: a few pairs of caller and grain went on, the others timed out after 30 s.
        await using var host = await TestHost.Start(new TestHostOptions { Services = services => services.AddSingleton(new Journal()) });
        var behind = Callers;

        async Task CallUntilAllHave(string key)
        {
            var grain = host.GrainFactory.GetGrain<ICallGrain>(key);
            for (var calls = 1; Volatile.Read(ref behind) > 0; calls++)
            {
                await grain.Nothing();
                if (calls == CallsEach)
                {
                    Interlocked.Decrement(ref behind);
                }
            }
        }

        var callers = Enumerable.Range(0, Callers).Select(number => Task.Factory.StartNew(
            () => CallUntilAllHave($"grain {number}"), TestContext.Current.CancellationToken, TaskCreationOptions.None, TaskScheduler.Default).Unwrap());
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(0, behind);
    }
}
