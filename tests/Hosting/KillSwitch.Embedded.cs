using Microsoft.Extensions.DependencyInjection;
using OpenBitum.ReadModel;
using Orleans.Reminders;
using Orleans.Storage;

namespace OpenBitum.Tests.Hosting;

/// <summary>
/// Stops the world before a durable step: from then on nothing is written, as after a kill -9 at that moment. A step is a write of a
/// record, of a reminder or of the database.
/// </summary>
public sealed class KillSwitch
{
    private long stepsLeft = long.MaxValue;

    /// <summary>Lets this many steps happen, and none after them.</summary>
    public void After(int steps) => Interlocked.Exchange(ref stepsLeft, steps);

    public void Disarm() => Interlocked.Exchange(ref stepsLeft, long.MaxValue);

    /// <summary>Puts the switch before every step of a silo.</summary>
    public void Guard(ISiloBuilder silo)
    {
        Wrap<IGrainStorage>(silo.Services, storage => new Records(storage, this));
        Wrap<IReminderTable>(silo.Services, table => new Reminders(table, this));
        Wrap<IDatabase>(silo.Services, database => new Database(database, this));
    }

    private void Step()
    {
        if (Interlocked.Decrement(ref stepsLeft) < 0)
        {
            throw new IOException("The process was killed here.");
        }
    }

    private static void Wrap<T>(IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var known = services.Last(service => service.ServiceType == typeof(T));
        services.Remove(known);
        services.AddSingleton(provider => wrap((T)(known.ImplementationInstance
            ?? known.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, known.ImplementationType!))));
    }

    private sealed class Records(IGrainStorage storage, KillSwitch kill) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            storage.ReadStateAsync(stateName, grainId, grainState);

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            kill.Step();
            return storage.WriteStateAsync(stateName, grainId, grainState);
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            kill.Step();
            return storage.ClearStateAsync(stateName, grainId, grainState);
        }
    }

    private sealed class Reminders(IReminderTable table, KillSwitch kill) : IReminderTable
    {
        public Task<ReminderRow?> Read(GrainId grainId, string name) => table.Read(grainId, name);

        public Task<IReadOnlyList<ReminderRow>> ReadAll(GrainId grainId) => table.ReadAll(grainId);

        public Task<IReadOnlyList<ReminderRow>> ReadDue(ReminderCursor? after, DateTimeOffset until, int limit) => table.ReadDue(after, until, limit);

        public Task<string> Upsert(ReminderRow row)
        {
            kill.Step();
            return table.Upsert(row);
        }

        public Task<bool> Remove(GrainId grainId, string name, string etag)
        {
            kill.Step();
            return table.Remove(grainId, name, etag);
        }

        public Task Advance(IReadOnlyList<ReminderRow> rows) => table.Advance(rows);
    }

    private sealed class Database(IDatabase database, KillSwitch kill) : IDatabase
    {
        public Task<T> Write<T>(Func<SqlSession, Task<T>> work)
        {
            kill.Step();
            return database.Write(work);
        }

        public Task<T> Read<T>(Func<SqlSession, Task<T>> query) => database.Read(query);
    }
}
