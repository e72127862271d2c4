using OpenBitum.Time;
using Orleans.Concurrency;

namespace OpenBitum.ReadModel;

[StatelessWorker(1)]
public sealed class StoreProbeGrain(IDatabase database, TimeProvider clock) : Grain, IStoreProbeGrain
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    private DateTimeOffset? writtenAt;

    public async Task Write()
    {
        var now = clock.Now();
        if (writtenAt is { } last && now - last < GoodFor)
        {
            return;
        }

        await database.Write(session => session.Execute(
            "INSERT INTO store_probe (id, written_at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET written_at = excluded.written_at", now));
        writtenAt = now;
    }
}
