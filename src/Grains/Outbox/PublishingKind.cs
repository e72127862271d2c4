namespace OpenBitum.Outbox;

/// <summary>A grain class that publishes: how its grains are reached, and what of the read model is made of their records alone.</summary>
/// <param name="Kind">The state name of the class, under which its records are stored.</param>
/// <param name="Grain">One grain, by its key.</param>
/// <param name="Tables">
/// Every table that the rows of this kind fill. `rebuild` empties them and has every grain publish again.
/// </param>
public sealed record PublishingKind(string Kind, Func<IGrainFactory, string, IPublishes> Grain, params string[] Tables)
{
    /// <summary>
    /// Tables of which something else must not miss a row meanwhile, such as the fan-out of events: `rebuild` leaves each row until
    /// its grain has published a new one in its place. Such a table has columns `id` (the grain's key) and `version`.
    /// </summary>
    public string[] StandingTables { get; init; } = [];
}
