namespace OpenBitum.ReadModel;

public sealed class ProductRowsOnPostgres : ProductRowFacts<Postgres>;

public sealed class CustomerRowsOnPostgres : CustomerRowFacts<Postgres>;

public sealed class WebhookRowsOnPostgres : WebhookRowFacts<Postgres>;

public sealed class EventRowsOnPostgres : EventRowFacts<Postgres>;

public sealed class DeliveryRowsOnPostgres : DeliveryRowFacts<Postgres>;

public sealed class ChainRowsOnPostgres : ChainRowFacts<Postgres>;

public sealed class SmallRowsOnPostgres : SmallRowFacts<Postgres>;

public sealed class SubscriptionKeyRowsOnPostgres : SubscriptionKeyRowFacts<Postgres>;

public sealed class UnpublishedRowsOnPostgres : UnpublishedRowFacts<Postgres>;

public sealed class TotalsOnPostgres : TotalFacts<Postgres>;
