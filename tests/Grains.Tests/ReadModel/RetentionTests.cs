using OpenBitum.Tests.Hosting;

namespace OpenBitum.ReadModel;

/// <summary>What is swept when it is old, over a real store.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private FeatureHost host = null!;

    public async ValueTask InitializeAsync() => host = await FeatureHost.Start(clock);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Deliveries_go_with_their_attempts_90_days_after_they_ended_and_what_waits_stays()
    {
        var now = clock.GetUtcNow();
        await Delivery("dlv_waits", ended: null);
        await Delivery("dlv_old", now.AddDays(-90));
        await Delivery("dlv_young", now.AddDays(-90).AddMilliseconds(1));

        await host.Grains.GetGrain<IRetentionGrain>(IRetentionGrain.Key).Sweep();

        Assert.Equal(["dlv_waits", "dlv_young"], await Read("SELECT id FROM deliveries ORDER BY id"));
        Assert.Equal(["dlv_waits", "dlv_young"], await Read("SELECT delivery FROM delivery_attempts ORDER BY delivery"));
    }

    private Task Delivery(string id, DateTimeOffset? ended) => host.Database.Write(async session =>
    {
        await session.Execute(
            """
            INSERT INTO deliveries (id, webhook, event, type, lane, sequence, status, attempts, created_at, finished_at)
            VALUES ($1, 'whk_1', 'evt_1', 'order.paid', 'ord_1', 1, $2, 1, 0, $3)
            """,
            id, ended is null ? "pending" : "parked", ended);
        return await session.Execute("INSERT INTO delivery_attempts (delivery, number, at) VALUES ($1, 1, 0)", id);
    });

    private Task<List<string>> Read(string sql) => host.Database.Read(session => session.Query(sql, reader => reader.GetString(0)));
}
