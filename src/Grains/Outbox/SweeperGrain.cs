using Microsoft.Extensions.Logging;
using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Outbox;

/// <summary>Looks each minute for marks that were left behind.</summary>
public sealed partial class SweeperGrain(
    IDatabase database,
    IEnumerable<PublishingKind> kinds,
    TimeProvider clock,
    ILogger<SweeperGrain> logger) : Grain, ISweeperGrain, IRemindable
{
    private const int MostAtOnce = 1_000;

    private static readonly TimeSpan Age = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, PublishingKind> kinds = kinds.ToDictionary(kind => kind.Kind);

    public async Task Start() => await this.RegisterOrUpdateReminder("sweep", Age, Period);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Sweep();

    public async Task<int> Sweep()
    {
        var before = clock.Now() - Age;
        var last = new Mark(DateTimeOffset.UnixEpoch, "", "");
        var swept = 0;
        int found;
        do
        {
            var marks = await Left(last, before);
            foreach (var mark in marks)
            {
                await Publish(mark);
            }

            found = marks.Count;
            swept += found;
            last = found == 0 ? last : marks[^1];
        }
        while (found == MostAtOnce);

        return swept;
    }

    /// <summary>The next marks behind the last, oldest first, so that those that stay are passed and not met again.</summary>
    private Task<List<Mark>> Left(Mark last, DateTimeOffset before) => database.Read(session => session.Query(
        $"""
        SELECT marked_at, kind, grain_key FROM unpublished
        WHERE marked_at <= $1 AND (marked_at, kind, grain_key) > ($2, $3, $4)
        ORDER BY marked_at, kind, grain_key LIMIT {MostAtOnce}
        """,
        reader => new Mark(reader.Time(0), reader.GetString(1), reader.GetString(2)), before, last.At, last.Kind, last.Key));

    private async Task Publish(Mark mark)
    {
        if (!kinds.TryGetValue(mark.Kind, out var kind))
        {
            LogUnknown(mark.Kind, mark.Key);
            return;
        }

        try
        {
            await kind.Grain(GrainFactory, mark.Key).Publish();
        }
        catch (Exception failure)
        {
            // Any failure is that grain's own: an outage, or a record that cannot be read. It must not keep the others from being told.
            LogLeft(mark.Kind, mark.Key, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Key} could not publish; its mark stays")]
    private partial void LogLeft(string kind, string key, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Key} is marked and no grain of this program; its mark stays")]
    private partial void LogUnknown(string kind, string key);

    private readonly record struct Mark(DateTimeOffset At, string Kind, string Key);
}
