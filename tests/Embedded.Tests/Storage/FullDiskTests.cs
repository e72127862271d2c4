using System.Diagnostics;
using Orleans.Storage;
using Xunit;

namespace OpenBitum.Storage;

// Alone: a program that another test starts holds every open file for the moment before it is the program, and with it the disk.
[Collection(Alone.Name)]
public sealed class FullDiskTests
{
    [Fact]
    public async Task On_a_full_disk_writes_are_refused_reads_go_on_and_it_recovers_by_itself()
    {
        // A real disk, of 2 MB.
        await using var disk = await SmallDisk.Mount();
        var steps = new StepScheduler();
        var clock = new ProbeClock();
        await using var fixture = new StoreFixture(disk.Path) { Steps = steps, Time = clock };
        var store = await fixture.Open();
        var ballast = Path.Combine(disk.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[700_000]);

        var acknowledged = new List<string>();
        var refused = await FillUp(store, steps, acknowledged);

        Assert.True(refused.IsTransient);
        Assert.False(store.Health.IsWritable);
        Assert.NotEmpty(store.Health.Reason!);
        Assert.Equal(acknowledged, await Finish(store.Notes(), steps));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Note("refused at once, without a try"));

        // Still full: it has tried, and goes on trying.
        clock.Tick();
        steps.RunAll();
        Assert.Equal((false, 1), (store.Health.IsWritable, clock.RunningTimers));

        File.Delete(ballast);
        clock.Tick();
        steps.RunAll();
        Assert.Equal((true, 0), (store.Health.IsWritable, clock.RunningTimers));
        await Finish(store.Note("space again"), steps);
        Assert.Equal([.. acknowledged, "space again"], await Finish(store.Notes(), steps));
        Assert.Null(await Finish(store.CheckIntegrity(), steps));

        store.Kill();
        store = await fixture.Open();
        Assert.Equal([.. acknowledged, "space again"], await Finish(store.Notes(), steps));
    }

    [Fact]
    public async Task A_batch_that_meets_the_end_of_the_space_is_refused_as_a_whole()
    {
        var steps = new StepScheduler();
        var clock = new ProbeClock();
        await using var fixture = new StoreFixture { Steps = steps, Time = clock };
        var store = await fixture.Open();
        await Finish(store.Write(LimitToPresentSize), steps);
        var small = store.Note("small");
        var large = store.Note(new string('x', 1_000_000));
        var behind = store.Note("behind");

        steps.RunAll();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => small);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => large);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => behind);
        Assert.Equal("The disk is full.", store.Health.Reason);
        Assert.Empty(await Finish(store.Notes(), steps));

        clock.Tick();
        steps.RunAll();
        Assert.True(store.Health.IsWritable);
        await Finish(store.Note("after"), steps);
        Assert.Equal(["after"], await Finish(store.Notes(), steps));
    }

    [Fact]
    public async Task A_store_that_stops_while_its_disk_refuses_does_not_try_it_again()
    {
        var steps = new StepScheduler();
        var clock = new ProbeClock();
        await using var fixture = new StoreFixture { Steps = steps, Time = clock };
        var store = await fixture.Open();
        await Finish(store.Write(LimitToPresentSize), steps);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Finish(store.Note(new string('x', 1_000_000)), steps));

        var stopping = store.Stop(TestContext.Current.CancellationToken);
        clock.Tick();
        steps.RunAll();

        await stopping;
        Assert.Equal((false, 0), (store.Health.IsWritable, clock.RunningTimers));
    }

    [Fact]
    public async Task A_disk_that_turns_read_only_is_named_and_the_time_since_is_that_of_the_first_refusal()
    {
        var steps = new StepScheduler();
        var clock = new ProbeClock();
        await using var fixture = new StoreFixture { Steps = steps, Time = clock };
        var store = await fixture.Open();
        var since = clock.Now = clock.Now.AddMinutes(1);
        // What SQLite answers on a read-only disk; a mounted one cannot be turned while its files are open.
        var turn = store.Write(connection =>
        {
            connection.Execute("PRAGMA query_only = ON");
            return connection.Insert("refused");
        });
        steps.RunAll();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => turn);
        Assert.Equal(new StoreHealth(false, "The data directory is read-only.", since), store.Health);

        clock.Now = clock.Now.AddMinutes(1);
        clock.Tick();
        steps.RunAll();
        Assert.Equal(new StoreHealth(true, null, clock.Now), store.Health);
    }

    [Fact]
    public async Task A_read_only_disk_at_start_is_refused_with_what_to_do()
    {
        await using var disk = await SmallDisk.Mount();
        await disk.Remount("ro");
        await using var fixture = new StoreFixture(disk.Path);

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => fixture.Open());

        Assert.Equal(StoreRefusal.NotWritable, refusal.Refusal);
    }

    [Fact]
    public async Task A_full_disk_at_start_is_refused_and_the_next_start_with_space_succeeds()
    {
        await using var disk = await SmallDisk.Mount();
        var ballast = Path.Combine(disk.Path, "ballast");
        await using var fixture = new StoreFixture(disk.Path);
        await Assert.ThrowsAnyAsync<IOException>(() => File.WriteAllBytesAsync(ballast, new byte[4_000_000]));

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => fixture.Open());
        Assert.Equal(StoreRefusal.NotWritable, refusal.Refusal);

        File.Delete(ballast);
        Assert.Equal(1, await (await fixture.Open()).Note("space again"));
    }

    private static async Task<StoreUnavailableException> FillUp(
        EmbeddedStore store, StepScheduler steps, List<string> acknowledged)
    {
        for (var number = 0; number < 10_000; number++)
        {
            var note = $"note {number} {new string('x', 5_000)}";
            try
            {
                await Finish(store.Note(note), steps);
                acknowledged.Add(note);
            }
            catch (StoreUnavailableException refused)
            {
                return refused;
            }
        }

        throw new InvalidOperationException("50 MB have gone onto a disk of 2 MB.");
    }

    private static int LimitToPresentSize(StoreConnection connection)
    {
        connection.Execute($"PRAGMA max_page_count = {connection.Scalar("PRAGMA page_count")}");
        return 0;
    }

    private static async Task<T> Finish<T>(Task<T> task, StepScheduler steps)
    {
        steps.RunAll();
        return await task;
    }

    private sealed class SmallDisk : IAsyncDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("openbitum-disk-").FullName;

        public static async Task<SmallDisk> Mount()
        {
            var mayMount = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;
            Assert.SkipUnless(mayMount, "Mounting a small disk takes root on Linux.");
            var disk = new SmallDisk();
            var mounted = await Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.Path);
            if (!mounted) Directory.Delete(disk.Path);
            Assert.SkipUnless(mounted, "This machine does not let tests mount a disk.");
            return disk;
        }

        public async Task Remount(string option) => Assert.True(await Run("mount", "-o", $"remount,{option}", Path));

        public async ValueTask DisposeAsync()
        {
            Assert.True(await Run("umount", Path), $"{Path} stays mounted");
            Directory.Delete(Path);
        }

        private static async Task<bool> Run(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
    }
}
