using OpenBitum.ReadModel;

namespace OpenBitum.Outbox;

/// <summary>
/// Makes the read model anew from the records of the grains. Stopped anywhere after <see cref="Begin"/>, the marks are there for the
/// sweeper of the next start, or for another rebuild. Events and deliveries are records themselves and stay as they are.
/// </summary>
public sealed class Rebuild(IDatabase database, GrainRecords records, IEnumerable<PublishingKind> kinds, Marks marks)
{
    /// <summary>
    /// In one transaction: puts every table that grains fill back to where they have published nothing, and marks each grain that has
    /// a record. Answers how many.
    /// </summary>
    public Task<int> Begin() => database.Write(async session =>
    {
        var marked = 0;
        foreach (var kind in kinds)
        {
            marked += await UnpublishedRows.MarkAll(session, kind, records);
        }

        return marked;
    });

    /// <inheritdoc cref="Marks.Publish"/>
    public Task<int> Finish(Action<Mark, Exception?> left, Action<int>? passed = null, CancellationToken cancellationToken = default) =>
        marks.Publish(UnpublishedRows.Rebuilding, left, passed, cancellationToken: cancellationToken);
}
