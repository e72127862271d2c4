using System.Data.Common;
using Microsoft.Extensions.Logging;
using OpenBitum.Time;

namespace OpenBitum.Outbox;

/// <summary>Looks at each start and then each minute for marks that were left behind.</summary>
public sealed partial class SweeperGrain(Marks marks, TimeProvider clock, ILogger<SweeperGrain> logger)
    : Grain, ISweeperGrain, IRemindable
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Pauses pauses = new();

    private IGrainTimer? first;

    public async Task Start()
    {
        await this.RegisterOrUpdateReminder("sweep", Age, Period);

        // What a crash or a rebuild that was stopped has left behind is old already.
        first ??= this.RegisterGrainTimer(Sweep, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Sweep();

    public async Task<int> Sweep()
    {
        var now = clock.Now();
        var woken = await marks.Publish(now - Age, (mark, failure) => Left(mark, failure, now), rests: mark => pauses.Has(mark, now));
        pauses.ForgetEnded(now);
        return woken;
    }

    private void Left(Mark mark, Exception? failure, DateTimeOffset now)
    {
        // An outage ends by itself, and then everything is to be told at once.
        var isOutage = failure is TimeoutException or IOException or OrleansException or DbException { IsTransient: true };
        var pause = isOutage ? TimeSpan.Zero : pauses.Lengthen(mark, now);
        if (failure is null)
        {
            LogUnknown(mark.Kind, mark.Key, pause);
        }
        else
        {
            LogLeft(mark.Kind, mark.Key, pause, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Kind} {Key} could not publish, so lists do not show its last change and its events are not sent. Its mark stays, and the sweep "
        + "leaves it alone for {Pause}. If its record cannot be read, restore that record from a backup; a new start tries it at once")]
    private partial void LogLeft(string kind, string key, TimeSpan pause, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Kind} {Key} is marked and no grain of this program; its mark stays, and the sweep leaves it alone for {Pause}")]
    private partial void LogUnknown(string kind, string key, TimeSpan pause);
}
