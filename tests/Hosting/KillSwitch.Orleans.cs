using Microsoft.Extensions.DependencyInjection;
using OpenBitum.ReadModel;
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
        services.Add(known.IsKeyedService
            ? ServiceDescriptor.KeyedSingleton(
                known.ServiceKey, (provider, key) => wrap((T)known.KeyedImplementationFactory!(provider, key)))
            : ServiceDescriptor.Singleton(provider => wrap((T)(known.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, known.ImplementationType!)))));
    }

    private sealed class Records(IGrainStorage storage, KillSwitch kill) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle) => ((ILifecycleParticipant<ISiloLifecycle>)storage).Participate(lifecycle);

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
        public Task StartAsync(CancellationToken cancellationToken) => table.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => table.StopAsync(cancellationToken);

        public Task<ReminderTableData> ReadRows(GrainId grainId) => table.ReadRows(grainId);

        public Task<ReminderTableData> ReadRows(uint begin, uint end) => table.ReadRows(begin, end);

        // The versions of the package disagree on whether null may come back from these two.
#nullable disable annotations
        public Task<ReminderEntry> ReadRow(GrainId grainId, string reminderName) => table.ReadRow(grainId, reminderName);

        public Task<string> UpsertRow(ReminderEntry entry)
        {
            kill.Step();
            return table.UpsertRow(entry);
        }
#nullable restore annotations

        public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
        {
            kill.Step();
            return table.RemoveRow(grainId, reminderName, eTag);
        }

        public Task TestOnlyClearTable() => table.TestOnlyClearTable();
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
