using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenBitum.Silo;

namespace OpenBitum.Bench;

/// <summary>
/// F9: grain calls of 64 callers, each waiting for its answer. Beside it the least that a queue hop costs: an actor that is a bare
/// Channel and a completion source per call.
/// </summary>
internal static class GrainCallBench
{
    private const int Callers = 64;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    public static async Task<IReadOnlyList<Row>> Run()
    {
        var folder = Directory.CreateTempSubdirectory("openbitum-bench-");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Data:Directory"] = folder.FullName;
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        builder.HostGrains();
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();

        var calls = await Measure(caller => grains.GetGrain<IEchoGrain>($"{caller}").Echo);
        var hops = await Measure(_ => new ChannelActor().Echo);
        await host.StopAsync();
        folder.Delete(recursive: true);

        return
        [
            new Row(
                "F9", $"grain calls, {Callers} callers", FormattableString.Invariant($"{calls:N0}/s"),
                FormattableString.Invariant($"bare Channel and completion source {hops:N0}/s"),
                FormattableString.Invariant($"{calls / hops:0.00} x")),
        ];
    }

    private static async Task<double> Measure(Func<int, Func<long, Task<long>>> callee)
    {
        var callees = Enumerable.Range(0, Callers).Select(callee).ToArray();
        await Task.WhenAll(callees.Select(echo => Task.Run(() => Call(echo, Duration / 3))));
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(callees.Select(echo => Task.Run(() => Call(echo, Duration))));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private static async Task<long> Call(Func<long, Task<long>> echo, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var count = 0L;
        while (clock.Elapsed < duration)
        {
            for (var number = 0; number < 100; number++)
            {
                await echo(count++);
            }
        }

        return count;
    }

    private sealed class ChannelActor
    {
        private readonly Channel<(long Value, TaskCompletionSource<long> Answer)> mailbox =
            Channel.CreateUnbounded<(long Value, TaskCompletionSource<long> Answer)>(new UnboundedChannelOptions { SingleReader = true });

        public ChannelActor() => _ = Work();

        public Task<long> Echo(long value)
        {
            var answer = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            mailbox.Writer.TryWrite((value, answer));
            return answer.Task;
        }

        private async Task Work()
        {
            await foreach (var (value, answer) in mailbox.Reader.ReadAllAsync())
            {
                answer.SetResult(value);
            }
        }
    }
}

/// <summary>Answers what it is asked.</summary>
[Alias("openbitum.bench.echo")]
public interface IEchoGrain : IGrainWithStringKey
{
    [Alias("Echo")]
    Task<long> Echo(long value);
}

/// <inheritdoc cref="IEchoGrain"/>
public sealed class EchoGrain : Grain, IEchoGrain
{
    public Task<long> Echo(long value) => Task.FromResult(value);
}
