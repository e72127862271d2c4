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
        var marks = await database.Read(session => session.Query(
            $"SELECT kind, grain_key FROM unpublished WHERE marked_at <= $1 ORDER BY marked_at LIMIT {MostAtOnce}",
            reader => (Kind: reader.GetString(0), Key: reader.GetString(1)), before));
        foreach (var mark in marks)
        {
            try
            {
                await kinds[mark.Kind].Grain(GrainFactory, mark.Key).Publish();
            }
            catch (Exception failure) when (failure is System.Data.Common.DbException or IOException or TimeoutException or OrleansException)
            {
                LogLeft(mark.Kind, mark.Key, failure);
            }
        }

        return marks.Count;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Key} could not publish; its mark stays")]
    private partial void LogLeft(string kind, string key, Exception failure);
}
