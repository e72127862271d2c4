using Microsoft.Extensions.Logging;
using OpenBitum.Time;

namespace OpenBitum.Outbox;

/// <summary>Looks at each start and then each minute for marks that were left behind.</summary>
public sealed partial class SweeperGrain(Marks marks, TimeProvider clock, ILogger<SweeperGrain> logger)
    : Grain, ISweeperGrain, IRemindable
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private IGrainTimer? first;

    public async Task Start()
    {
        await this.RegisterOrUpdateReminder("sweep", Age, Period);

        // What a crash or a rebuild that was stopped has left behind is old already.
        first ??= this.RegisterGrainTimer(Sweep, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Sweep();

    public Task<int> Sweep() => marks.Publish(clock.Now() - Age, (mark, failure) =>
    {
        if (failure is null)
        {
            LogUnknown(mark.Kind, mark.Key);
        }
        else
        {
            LogLeft(mark.Kind, mark.Key, failure);
        }
    });

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Key} could not publish; its mark stays")]
    private partial void LogLeft(string kind, string key, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Key} is marked and no grain of this program; its mark stays")]
    private partial void LogUnknown(string kind, string key);
}
