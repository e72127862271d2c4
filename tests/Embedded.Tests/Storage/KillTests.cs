using Orleans.Storage;
using Xunit;

namespace OpenBitum.Storage;

public sealed class KillTests
{
    [Fact]
    public async Task Killed_before_the_commit_nothing_of_it_is_there()
    {
        var steps = new StepScheduler();
        await using var fixture = new StoreFixture { Steps = steps };
        EmbeddedStore store = null!;
        store = await fixture.Open(options => options.BeforeCommit = commit => KillAt(2, commit, store));
        var first = store.Note("acknowledged");
        steps.RunAll();
        await first;
        var second = store.Note("in flight");
        steps.RunAll();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => second);
        Assert.Equal(["acknowledged"], await NotesAfterRestart(fixture, steps));
    }

    [Fact]
    public async Task Killed_between_commit_and_acknowledgement_it_is_there_though_nobody_was_told()
    {
        var steps = new StepScheduler();
        await using var fixture = new StoreFixture { Steps = steps };
        EmbeddedStore store = null!;
        store = await fixture.Open(options => options.AfterCommit = commit => KillAt(1, commit, store));
        var write = store.Note("committed");
        steps.RunAll();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => write);
        Assert.Equal(["committed"], await NotesAfterRestart(fixture, steps));
    }

    [Fact]
    public async Task A_killed_store_takes_nothing_more_and_has_let_go_of_its_directory()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();
        await store.Note("acknowledged");

        store.Kill();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Note("late"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Notes());
        Assert.True(File.Exists(fixture.DatabasePath + "-wal"), "the log is left as a crash leaves it");
        Assert.Equal(["acknowledged"], await (await fixture.Open()).Notes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Over_random_jobs_and_kills_exactly_the_acknowledged_are_there_and_no_half_ones(ulong seed)
    {
        var steps = new StepScheduler();
        await using var fixture = new StoreFixture { Steps = steps };
        var random = new Seeded(seed);
        var expected = new List<string>();
        for (var life = 0; life < 6; life++)
        {
            var fatal = random.Next(12) + 1;
            var beforeCommit = random.Next(2) == 0;
            EmbeddedStore store = null!;
            store = await fixture.Open(options =>
            {
                options.MaximumBatch = 5;
                if (beforeCommit) options.BeforeCommit = commit => KillAt(fatal, commit, store);
                else options.AfterCommit = commit => KillAt(fatal, commit, store);
            });

            var writes = new List<(string Name, bool Throws, Task<long> Task)>();
            for (var job = 0; job < 60; job++)
            {
                var name = $"life {life} job {job}";
                var throws = random.Next(6) == 0;
                writes.Add((name, throws, store.Write((name, throws), InsertPair)));
                if (random.Next(3) == 0) steps.RunOne();
            }

            steps.RunAll();
            Assert.All(writes, write => Assert.True(write.Task.IsCompleted, $"seed {seed}: {write.Name} hears nothing"));
            var acknowledged = writes
                .Where(write => write.Task.IsCompletedSuccessfully)
                .Select(write => write.Name)
                .ToArray();
            var open = writes
                .Where(write => !write.Throws && write.Task.Exception?.InnerException is StoreUnavailableException)
                .Select(write => write.Name)
                .ToArray();
            store.Kill();

            var present = await NotesAfterRestart(fixture, steps);
            var committed = present
                .Skip(expected.Count)
                .Where((_, index) => index % 2 == 0)
                .Select(note => note[..^2])
                .ToArray();
            var unheard = committed.Skip(acknowledged.Length).ToArray();
            var run = $"seed {seed}, life {life}, acknowledged {string.Join(", ", acknowledged)}, "
                + $"there {string.Join(", ", committed)}";
            Assert.True(present.Take(expected.Count).SequenceEqual(expected), $"{run}: an earlier life has changed");
            Assert.True(committed.Take(acknowledged.Length).SequenceEqual(acknowledged), $"{run}: one is missing");
            Assert.True(unheard.SequenceEqual(open.Take(unheard.Length)), $"{run}: one is there that cannot be");
            Assert.True(!beforeCommit || unheard.Length == 0, $"{run}: an uncommitted one is there");
            expected.AddRange(committed.SelectMany(name => new[] { name + "/1", name + "/2" }));
            Assert.True(present.SequenceEqual(expected), $"{run}: a half one is there");
        }
    }

    private static long InsertPair(StoreConnection connection, (string Name, bool Throws) job)
    {
        connection.Insert(job.Name + "/1");
        if (job.Throws) throw new InvalidOperationException("between two inserts");
        return connection.Insert(job.Name + "/2");
    }

    private static void KillAt(long fatal, long commit, EmbeddedStore store)
    {
        if (commit == fatal) store.Kill();
    }

    private static async Task<List<string>> NotesAfterRestart(StoreFixture fixture, StepScheduler steps)
    {
        var store = await fixture.Open();
        var notes = store.Notes();
        var damage = store.CheckIntegrity();
        steps.RunAll();
        Assert.Null(await damage);
        store.Kill();
        return await notes;
    }

    /// <summary>SplitMix64: the same numbers on every machine.</summary>
    private sealed class Seeded(ulong seed)
    {
        private ulong state = seed;

        public int Next(int below)
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return (int)((mixed ^ (mixed >> 31)) % (ulong)below);
        }
    }
}
