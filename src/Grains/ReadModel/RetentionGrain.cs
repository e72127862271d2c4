using System.Data.Common;
using Microsoft.Extensions.Logging;
using OpenBitum.Time;

namespace OpenBitum.ReadModel;

/// <summary>Rows of one table that are kept for a time.</summary>
/// <param name="Name">For the log.</param>
/// <param name="Delete">Deletes a bounded number of rows and answers how many, so that no transaction grows long.</param>
public sealed record RetentionRule(string Name, Func<SqlSession, DateTimeOffset, Task<int>> Delete);

/// <summary>Looks each hour for rows whose time is over.</summary>
public sealed partial class RetentionGrain(
    IDatabase database, IEnumerable<RetentionRule> rules, TimeProvider clock, ILogger<RetentionGrain> logger) : Grain, IRetentionGrain, IRemindable
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    public async Task Start() => await this.RegisterOrUpdateReminder("sweep", Period, Period);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Sweep();

    public async Task<int> Sweep()
    {
        var total = 0;
        foreach (var rule in rules)
        {
            var now = clock.Now();
            var swept = 0;
            try
            {
                while (await database.Write(session => rule.Delete(session, now)) is > 0 and var deleted)
                {
                    swept += deleted;
                }
            }
            catch (DbException failure)
            {
                LogLeft(rule.Name, failure);
            }

            if (swept > 0)
            {
                LogSwept(swept, rule.Name);
            }

            total += swept;
        }

        return total;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} {Name} were swept")]
    private partial void LogSwept(int count, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Name} could not be swept; the next round tries again")]
    private partial void LogLeft(string name, Exception failure);
}
