using OpenBitum.ReadModel;

namespace OpenBitum.Outbox;

/// <summary>Says that a grain has something to publish, or may have.</summary>
public readonly record struct Mark(DateTimeOffset At, string Kind, string Key);

/// <summary>Has marked grains publish, which removes their marks.</summary>
public sealed class Marks(IDatabase database, IGrainFactory grains, IEnumerable<PublishingKind> kinds)
{
    private const int MostInOneQuery = 1_000;

    /// <summary>Grains that publish side by side share the store's transactions.</summary>
    private const int MostAtOnce = 50;

    private readonly Dictionary<string, PublishingKind> kinds = kinds.ToDictionary(kind => kind.Kind);

    /// <summary>Wakes every grain whose mark was made at or before a time, once each; answers how many there were.</summary>
    /// <param name="before">The youngest mark.</param>
    /// <param name="left">Told of each that could not publish, and why; null where this program has no such kind.</param>
    /// <param name="passed">Told of the number so far, now and then.</param>
    /// <param name="rests">Which are not to be woken this time.</param>
    /// <param name="cancellationToken">Ends the waking; what was begun is ended.</param>
    public async Task<int> Publish(
        DateTimeOffset before, Action<Mark, Exception?> left, Action<int>? passed = null, Func<Mark, bool>? rests = null,
        CancellationToken cancellationToken = default)
    {
        var last = new Mark(DateTimeOffset.UnixEpoch, "", "");
        var count = 0;
        List<Mark> marks;
        do
        {
            marks = await database.Read(session => UnpublishedRows.Behind(session, last, before, MostInOneQuery));
            foreach (var some in marks.Where(mark => rests?.Invoke(mark) is not true).Chunk(MostAtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.WhenAll(some.Select(mark => Publish(mark, left)));
                count += some.Length;
                passed?.Invoke(count);
            }

            last = marks.Count == 0 ? last : marks[^1];
        }
        while (marks.Count == MostInOneQuery);

        return count;
    }

    private async Task Publish(Mark mark, Action<Mark, Exception?> left)
    {
        if (!kinds.TryGetValue(mark.Kind, out var kind))
        {
            left(mark, null);
            return;
        }

        try
        {
            await kind.Grain(grains, mark.Key).Publish();
        }
        catch (Exception failure)
        {
            // Any failure is that grain's own: an outage, or a record that cannot be read. It must not keep the others from being told.
            left(mark, failure);
        }
    }
}
