using OpenBitum.Idempotency;

namespace OpenBitum.ReadModel;

/// <summary>Tables of a few rows' worth of behaviour: idempotency keys, ended sessions; and what a session of the database promises.</summary>
public abstract class SmallRowFacts<TDatabase> : ReadModelFacts<TDatabase>
    where TDatabase : ITestedDatabase, new()
{
    [Fact]
    public async Task A_reserved_key_keeps_its_seed_gets_its_answer_and_is_free_again_when_it_is_given_back()
    {
        var reserved = new IdempotencyRow("key", "hash", "seed", Now, null);
        await Write(session => IdempotencyRows.Upsert(session, reserved));
        Assert.Equal(reserved, await Find());

        var answered = reserved with { Answer = new StoredAnswer(204, null, "") };
        await Write(session => IdempotencyRows.Upsert(session, answered));
        await Write(session => IdempotencyRows.Upsert(session, answered));
        Assert.Equal(answered, await Find());

        Assert.Equal(1, await Database.Write(session => IdempotencyRows.Delete(session, "key")));
        Assert.Null(await Find());

        Task<IdempotencyRow?> Find() => Read(session => IdempotencyRows.Find(session, "key"));
    }

    [Fact]
    public async Task Old_keys_go_a_thousand_at_a_time_and_young_ones_stay()
    {
        await Write(async session =>
        {
            for (var number = 0; number < 1_002; number++)
            {
                await IdempotencyRows.Upsert(session, new IdempotencyRow($"{number}", "", "", Now, null));
            }

            await IdempotencyRows.Upsert(session, new IdempotencyRow("young", "", "", Now.AddMilliseconds(1), null));
        });

        Assert.Equal(1_000, await Database.Write(session => IdempotencyRows.DeleteBefore(session, Now)));
        Assert.Equal(2, await Database.Write(session => IdempotencyRows.DeleteBefore(session, Now)));
        Assert.Equal(0, await Database.Write(session => IdempotencyRows.DeleteBefore(session, Now)));
        Assert.NotNull(await Read(session => IdempotencyRows.Find(session, "young")));
    }

    [Fact]
    public async Task A_session_that_ended_is_known_until_its_token_has_ended_by_itself()
    {
        await Write(session => EndedSessionRows.Insert(session, "jti", Now));
        await Write(session => EndedSessionRows.Insert(session, "jti", Now));
        Assert.True(await Read(session => EndedSessionRows.Exists(session, "jti")));
        Assert.False(await Read(session => EndedSessionRows.Exists(session, "JTI")));

        Assert.Equal(0, await Database.Write(session => EndedSessionRows.DeleteBefore(session, Now.AddMilliseconds(-1))));
        Assert.Equal(1, await Database.Write(session => EndedSessionRows.DeleteBefore(session, Now)));
        Assert.False(await Read(session => EndedSessionRows.Exists(session, "jti")));
    }

    [Fact]
    public async Task A_work_that_fails_leaves_nothing_and_the_next_one_goes_on()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Database.Write<bool>(async session =>
        {
            await EndedSessionRows.Insert(session, "half", Now);
            throw new InvalidOperationException("Half-way.");
        }));

        Assert.False(await Read(session => EndedSessionRows.Exists(session, "half")));
        await Write(session => EndedSessionRows.Insert(session, "whole", Now));
        Assert.True(await Read(session => EndedSessionRows.Exists(session, "whole")));
    }

    [Fact]
    public async Task The_queries_of_one_read_see_one_moment_whatever_is_written_between_them()
    {
        const int pairs = 60;
        var writing = Task.WhenAll(Enumerable.Range(0, pairs).Select(number => Write(async session =>
        {
            await EndedSessionRows.Insert(session, $"left {number}", Now);
            await EndedSessionRows.Insert(session, $"right {number}", Now);
        })));
        do
        {
            var (left, right) = await Read(async session =>
                (await session.First("SELECT COUNT(*) FROM ended_sessions WHERE key LIKE 'left %'", reader => reader.GetInt64(0)),
                await session.First("SELECT COUNT(*) FROM ended_sessions WHERE key LIKE 'right %'", reader => reader.GetInt64(0))));
            Assert.Equal(left, right);
        }
        while (!writing.IsCompleted);

        await writing;
        Assert.Equal(2 * pairs, await Count("SELECT COUNT(*) FROM ended_sessions"));
    }

    [Fact]
    public async Task Text_is_sorted_and_compared_by_its_bytes()
    {
        string[] keys = ["B", "a", "~", "Ä", "b", "A", "_", "-", "0", "10", "9"];
        await Write(async session =>
        {
            foreach (var key in keys)
            {
                await EndedSessionRows.Insert(session, key, Now);
            }
        });

        var sorted = await Read(session => session.Query("SELECT key FROM ended_sessions ORDER BY key", reader => reader.GetString(0)));
        Assert.Equal(keys.OrderBy(key => key, StringComparer.Ordinal), sorted);
        var behind = await Read(session => session.Query("SELECT key FROM ended_sessions WHERE key < $1 ORDER BY key DESC", reader => reader.GetString(0), "~"));
        Assert.Equal(sorted.Where(key => string.CompareOrdinal(key, "~") < 0).Reverse(), behind);
    }
}
