using OpenBitum.Tests.Hosting;

namespace OpenBitum.ReadModel;

/// <summary>In the file of the embedded engine.</summary>
public sealed class Sqlite : ITestedDatabase
{
    private FeatureHost? host;

    public IDatabase Database => host!.Database;

    public async Task Open() => host = await FeatureHost.Start(new ManualClock());

    public ValueTask DisposeAsync() => host?.DisposeAsync() ?? ValueTask.CompletedTask;
}

public sealed class ProductRowsOnSqlite : ProductRowFacts<Sqlite>;

public sealed class CustomerRowsOnSqlite : CustomerRowFacts<Sqlite>;

public sealed class OrderRowsOnSqlite : OrderRowFacts<Sqlite>;

public sealed class WebhookRowsOnSqlite : WebhookRowFacts<Sqlite>;

public sealed class EventRowsOnSqlite : EventRowFacts<Sqlite>;

public sealed class DeliveryRowsOnSqlite : DeliveryRowFacts<Sqlite>;

public sealed class ChainRowsOnSqlite : ChainRowFacts<Sqlite>;

public sealed class SmallRowsOnSqlite : SmallRowFacts<Sqlite>;

public sealed class SubscriptionKeyRowsOnSqlite : SubscriptionKeyRowFacts<Sqlite>;

public sealed class UnpublishedRowsOnSqlite : UnpublishedRowFacts<Sqlite>;

public sealed class TotalsOnSqlite : TotalFacts<Sqlite>;
