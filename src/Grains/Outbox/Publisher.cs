using System.Collections.Immutable;
using OpenBitum.Ids;
using OpenBitum.ReadModel;
using OpenBitum.Time;
using OpenBitum.Webhooks;

namespace OpenBitum.Outbox;

/// <summary>What one grain publishes in one transaction.</summary>
/// <param name="Kind">Which grain class, as registered with <see cref="PublishingKind"/>.</param>
/// <param name="GrainKey">Which grain.</param>
/// <param name="Row">Null when it shows nothing.</param>
/// <param name="Events">In the order of their sequence.</param>
public sealed record Publication(string Kind, string GrainKey, IRow? Row, ImmutableArray<OutgoingEvent> Events);

/// <summary>
/// Marks, rows, events and deliveries in SQL: the steps around a grain's write. All are keyed, so repeating them changes nothing.
/// </summary>
public sealed class Publisher(IDatabase database, IGrainFactory grains, TimeProvider clock)
{
    /// <summary>Says that this grain is about to write and may not get to publish.</summary>
    public Task Mark(string kind, string grainKey)
    {
        var now = clock.Now();
        return database.Write(session => UnpublishedRows.Mark(session, kind, grainKey, now));
    }

    /// <summary>
    /// Upserts the row if newer, inserts the events and one delivery per matching subscription, removes the mark; then wakes the
    /// subscriptions that got something.
    /// </summary>
    public async Task Publish(Publication publication)
    {
        var awaited = await database.Write(session => Write(session, publication, clock.Now()));
        foreach (var webhook in awaited)
        {
            await grains.GetGrain<IWebhookGrain>(webhook).Wake();
        }
    }

    private static async Task<IReadOnlyCollection<string>> Write(SqlSession session, Publication publication, DateTimeOffset now)
    {
        if (publication.Row is { } row)
        {
            await row.Upsert(session);
        }

        HashSet<string>? awaited = null;
        foreach (var outgoing in publication.Events)
        {
            if (await EventRows.Insert(session, outgoing, now))
            {
                await DeliveryRows.FanOut(session, outgoing, now, awaited ??= []);
            }
        }

        await UnpublishedRows.Remove(session, publication.Kind, publication.GrainKey);
        return awaited ?? [];
    }
}
