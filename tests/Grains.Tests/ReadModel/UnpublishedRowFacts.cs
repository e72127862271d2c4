using OpenBitum.Outbox;

namespace OpenBitum.ReadModel;

public abstract class UnpublishedRowFacts<TDatabase> : ReadModelFacts<TDatabase>
    where TDatabase : ITestedDatabase, new()
{
    [Fact]
    public async Task Marks_are_passed_oldest_first_and_each_once()
    {
        foreach (var (kind, key, second) in new[] { ("product", "b", 1), ("order", "Z", 1), ("order", "a", 1), ("order", "c", 0), ("order", "d", 3) })
        {
            await Write(session => UnpublishedRows.Mark(session, kind, key, Now.AddSeconds(second)));
        }

        var seen = new List<string>();
        var last = new Mark(DateTimeOffset.UnixEpoch, "", "");
        while (await Read(session => UnpublishedRows.Behind(session, last, Now.AddSeconds(2), 1)) is [var next])
        {
            seen.Add($"{next.Kind} {next.Key}");
            last = next;
        }

        // By bytes: capitals first.
        Assert.Equal(["order c", "order Z", "order a", "product b"], seen);
    }

    [Fact]
    public async Task A_grain_has_one_mark_which_its_publication_removes()
    {
        await Write(session => UnpublishedRows.Mark(session, "order", "a", Now));
        await Write(session => UnpublishedRows.Mark(session, "order", "a", Now.AddSeconds(5)));
        Assert.Equal(1, await Count("SELECT COUNT(*) FROM unpublished"));
        Assert.Empty(await Read(session => UnpublishedRows.Behind(session, default, Now.AddSeconds(4), 10)));

        await Write(session => UnpublishedRows.Remove(session, "order", "a"));
        await Write(session => UnpublishedRows.Remove(session, "order", "a"));
        Assert.Equal(0, await Count("SELECT COUNT(*) FROM unpublished"));
    }
}
