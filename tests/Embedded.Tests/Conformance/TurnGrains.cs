using Orleans.Concurrency;

namespace OpenBitum.Conformance;

public interface ITurnGrain : IGrainWithStringKey
{
    Task Work(string name);

    [ReadOnly]
    Task Look(string name);

    [AlwaysInterleave]
    Task Interrupt(string name);

    /// <summary>How often a turn began while another was running.</summary>
    [AlwaysInterleave]
    Task<int> Overlaps(int awaits);

    Task<bool> ResumesInTheGrain();

    Task<bool> StaysInTheGrainWithStartNew();

    Task<bool> LeavesTheGrain();
}

public interface IReentrantGrain : IGrainWithStringKey
{
    Task Work(string name);

    Task CallYourself(string name);
}

public interface IWorkerGrain : IGrainWithStringKey
{
    Task Work(string name);
}

public sealed class TurnGrain(Journal journal) : Grain, ITurnGrain
{
    private int inside;

    public Task Work(string name) => Hold(name);

    public Task Look(string name) => Hold(name);

    public Task Interrupt(string name) => Hold(name);

    public async Task<int> Overlaps(int awaits)
    {
        var overlaps = 0;
        for (var turn = 0; turn < awaits; turn++)
        {
            overlaps += Interlocked.Exchange(ref inside, 1);
            Interlocked.Exchange(ref inside, 0);
            await Task.Yield();
        }

        return overlaps;
    }

    public async Task<bool> ResumesInTheGrain()
    {
        var scheduler = TaskScheduler.Current;
        await Task.Yield();
        await Task.Delay(TimeSpan.FromMilliseconds(1));
        return ReferenceEquals(TaskScheduler.Current, scheduler) && !ReferenceEquals(scheduler, TaskScheduler.Default);
    }

    public async Task<bool> StaysInTheGrainWithStartNew()
    {
        var scheduler = TaskScheduler.Current;
        return await Task.Factory.StartNew(
            () => ReferenceEquals(TaskScheduler.Current, scheduler), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current);
    }

    public async Task<bool> LeavesTheGrain()
    {
        var scheduler = TaskScheduler.Current;
        var elsewhere = await Task.Factory.StartNew(
            () => !ReferenceEquals(TaskScheduler.Current, scheduler), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default);
        return elsewhere && await AfterLeaving(scheduler);
    }

    private static async Task<bool> AfterLeaving(TaskScheduler scheduler)
    {
        // Forced: what has ended by the time it is awaited would go on in place.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return !ReferenceEquals(TaskScheduler.Current, scheduler);
    }

    private async Task Hold(string name)
    {
        journal.Write($"{name} began");
        await journal.Gate(name);
        journal.Write($"{name} ended");
    }
}

[Reentrant]
public sealed class ReentrantGrain(Journal journal) : Grain, IReentrantGrain
{
    public async Task Work(string name)
    {
        journal.Write($"{name} began");
        await journal.Gate(name);
    }

    public Task CallYourself(string name) => GrainFactory.GetGrain<IReentrantGrain>(this.GetPrimaryKeyString()).Work(name);
}

[StatelessWorker(2)]
public sealed class WorkerGrain(Journal journal) : Grain, IWorkerGrain
{
    public async Task Work(string name)
    {
        journal.Write("began");
        await journal.Gate(name);
        journal.Write($"{name} ended");
    }
}
