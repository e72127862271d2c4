using Orleans.Concurrency;

namespace OpenBitum.Conformance;

public interface ITimerGrain : IGrainWithStringKey
{
    /// <summary>Each tick writes "name" and, when it is held, waits for gate "name" before it writes "name ended".</summary>
    Task Begin(string name, TimeSpan due, TimeSpan period, TickKind kind);

    Task Change(TimeSpan due, TimeSpan period);

    [AlwaysInterleave]
    Task ChangeBeside(TimeSpan due, TimeSpan period);

    Task End();

    Task<int> Calls();

    Task Hold(string gate);

    Task BeginWithEachOverload(TimeSpan due);

    Task BeginFromOutside();
}

[Flags]
public enum TickKind
{
    Plain = 0,
    Held = 1,
    Failing = 2,
    Interleaving = 4,
    KeepingAlive = 8,
}

public sealed class TimerGrain(Journal journal) : Grain, ITimerGrain
{
    private IGrainTimer? timer;
    private int calls;

    public Task Begin(string name, TimeSpan due, TimeSpan period, TickKind kind)
    {
        timer = this.RegisterGrainTimer(Tick, (name, kind), new()
        {
            DueTime = due,
            Period = period,
            Interleave = kind.HasFlag(TickKind.Interleaving),
            KeepAlive = kind.HasFlag(TickKind.KeepingAlive),
        });
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan due, TimeSpan period)
    {
        timer!.Change(due, period);
        return Task.CompletedTask;
    }

    public Task ChangeBeside(TimeSpan due, TimeSpan period) => Change(due, period);

    public Task End()
    {
        timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task<int> Calls() => Task.FromResult(++calls);

    public async Task Hold(string gate)
    {
        journal.Write($"{gate} held");
        await journal.Gate(gate);
        journal.Write($"{gate} passed");
    }

    public Task BeginWithEachOverload(TimeSpan due)
    {
        var once = Timeout.InfiniteTimeSpan;
        var options = new GrainTimerCreationOptions { DueTime = due, Period = once };
        this.RegisterGrainTimer(() => Write("1"), due, once);
        this.RegisterGrainTimer(_ => Write("2"), due, once);
        this.RegisterGrainTimer(Write, "3", due, once);
        this.RegisterGrainTimer((entry, _) => Write(entry), "4", due, once);
        this.RegisterGrainTimer(() => Write("5"), options);
        this.RegisterGrainTimer(_ => Write("6"), options);
        this.RegisterGrainTimer(Write, "7", options);
        this.RegisterGrainTimer((entry, _) => Write(entry), "8", options);
        return Task.CompletedTask;
    }

    public Task BeginFromOutside() => Task.Factory.StartNew(
        () => this.RegisterGrainTimer(() => Write("never"), TimeSpan.Zero, TimeSpan.Zero),
        CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default);

    private Task Write(string entry)
    {
        journal.Write(entry);
        return Task.CompletedTask;
    }

    private async Task Tick((string Name, TickKind Kind) tick, CancellationToken cancellation)
    {
        journal.Write(tick.Name);
        if (tick.Kind.HasFlag(TickKind.Failing))
        {
            throw new RefusalException("tick failed");
        }

        if (tick.Kind.HasFlag(TickKind.Held))
        {
            await journal.Gate(tick.Name);
            journal.Write($"{tick.Name} ended, cancelled: {cancellation.IsCancellationRequested}");
        }
    }
}
