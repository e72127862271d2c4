using Microsoft.Extensions.Logging;
using OpenBitum.ReadModel;

namespace OpenBitum.Outbox;

/// <summary>
/// A grain's record with its outbox. <see cref="Commit"/> marks the grain's key, writes the record (state, command results, new
/// events) and publishes; killed between any two of these, the mark wakes the grain and it publishes what its record holds.
/// </summary>
/// <param name="kind">Which grain class, as registered with <see cref="PublishingKind"/>.</param>
/// <param name="grainKey">Which grain.</param>
/// <param name="record">The one record of the grain: atomic is one thing, its write.</param>
/// <param name="publisher">The SQL around the write.</param>
/// <param name="row">What a version of the state shows in lists; null for nothing.</param>
/// <param name="deactivate">The grain's DeactivateOnIdle: memory is not rolled back by a failed write, so it is dropped.</param>
/// <param name="logger">Told of a publication that has to be repeated.</param>
public sealed partial class Outbox<TState>(
    string kind,
    string grainKey,
    IPersistentState<Record<TState>> record,
    Publisher publisher,
    Func<TState, long, IRow?> row,
    Action deactivate,
    ILogger logger)
    where TState : class
{
    private bool marked;
    private bool published;
    private Record<TState>? written;

    /// <summary>Null until the first commit.</summary>
    public TState? State => record.State.State;

    public long Version => record.State.Version;

    /// <summary>Whether this activation knows that the read model shows what the record holds.</summary>
    public bool IsPublished => published;

    /// <summary>The record as it was last written or read: what a turn may show that runs beside a commit.</summary>
    public Record<TState> Written => written ?? record.State;

    /// <summary>
    /// Writes the next state and its events, and publishes. Returns after the first attempt to publish, so that a list shows what
    /// was just answered; a failed attempt is repeated by the sweeper.
    /// </summary>
    public async Task Commit(TState next, params IReadOnlyCollection<OutgoingEvent> events)
    {
        await Announce();
        await Write(next, events);
        await TryPublish();
    }

    /// <summary>Writes a state that nothing outside shall see yet: no mark, no row, no event.</summary>
    public Task Save(TState next) => Write(next, []);

    /// <summary>Removes a state that nothing outside has seen.</summary>
    public async Task Forget()
    {
        var previous = record.State;
        try
        {
            await record.ClearStateAsync();
            record.State = written = new Record<TState>();
        }
        catch
        {
            record.State = previous;
            deactivate();
            throw;
        }
    }

    /// <summary>
    /// Says that a commit is near; it does so itself. Whoever has to wait for something else before it commits may announce it
    /// meanwhile; a mark without a commit is removed by the sweeper.
    /// </summary>
    public async Task Announce()
    {
        if (marked)
        {
            return;
        }

        await publisher.Mark(kind, grainKey);
        marked = true;
    }

    /// <summary>Publishes what the record holds.</summary>
    public async Task Publish()
    {
        var held = record.State;
        await publisher.Publish(new Publication(kind, grainKey, held.State is null ? null : row(held.State, held.Version), held.Outbox));
        marked = false;
        published = true;
    }

    private async Task Write(TState next, IReadOnlyCollection<OutgoingEvent> events)
    {
        var previous = written = record.State;
        // Published events leave the record with its next write, which costs no write of its own.
        var unpublished = published ? [] : previous.Outbox;
        record.State = new Record<TState> { State = next, Version = previous.Version + 1, Outbox = [.. unpublished, .. events] };
        try
        {
            await record.WriteStateAsync();
            written = record.State;
            published = false;
        }
        catch
        {
            // Whether the write took place may be unknown; only the store can tell, so the next call reads again.
            record.State = previous;
            deactivate();
            throw;
        }
    }

    private async Task TryPublish()
    {
        try
        {
            await Publish();
        }
        catch (Exception failure) when (failure is System.Data.Common.DbException or IOException or TimeoutException or OrleansException)
        {
            // It may have been published, and its mark be gone, before the answer was lost: the next commit marks again.
            marked = false;
            LogUnpublished(kind, grainKey, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Key} is written but not published; the sweeper repeats it")]
    private partial void LogUnpublished(string kind, string key, Exception failure);
}
