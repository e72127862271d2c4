using Orleans.Concurrency;

namespace OpenBitum.Conformance;

[GenerateSerializer, Immutable, Alias("openbitum.conformance.greeting")]
public sealed record Greeting([property: Id(0)] string Text, [property: Id(1)] int Times);

[GenerateSerializer, Alias("openbitum.conformance.refusal")]
public sealed class RefusalException(string message) : Exception(message);

public interface ICallGrain : IGrainWithStringKey
{
    Task Nothing();

    Task<Greeting> Echo(Greeting greeting);

    ValueTask NothingSoon();

    ValueTask<int> Double(int number);

    Task<int> Many(int first, string second, Greeting third, long fourth, bool fifth);

    Task ThrowAtOnce(string message);

    Task ThrowLater(string message);

    Task<int> ThrowInstead(string message);

    ValueTask ThrowFromValueTask(string message);

    [ResponseTimeout("00:00:02")]
    Task Hold(string gate);

    Task HoldByDefault(string gate);

    [OneWay]
    Task Tell(string entry);

    [OneWay]
    Task TellAndThrow(string entry);

    Task HoldWith(string gate, CancellationToken cancellation);

    [AlwaysInterleave]
    Task<bool> RegisterWith(CancellationToken cancellation);

    Task CallBack(string other);

    Task AskAndWait(string other, string gate);
}

public sealed class CallGrain(Journal journal) : Grain, ICallGrain
{
    public Task Nothing() => Task.CompletedTask;

    public Task<Greeting> Echo(Greeting greeting) => Task.FromResult(greeting);

    public ValueTask NothingSoon() => ValueTask.CompletedTask;

    public async ValueTask<int> Double(int number)
    {
        await Task.Yield();
        return number * 2;
    }

    public Task<int> Many(int first, string second, Greeting third, long fourth, bool fifth)
        => Task.FromResult(first + second.Length + third.Times + (int)fourth + (fifth ? 1 : 0));

    public Task ThrowAtOnce(string message) => throw new RefusalException(message);

    public async Task ThrowLater(string message)
    {
        await Task.Yield();
        throw new RefusalException(message);
    }

    public async Task<int> ThrowInstead(string message)
    {
        await Task.Yield();
        throw new RefusalException(message);
    }

    public ValueTask ThrowFromValueTask(string message) => throw new RefusalException(message);

    public async Task Hold(string gate)
    {
        journal.Write($"{gate} held");
        await journal.Gate(gate);
        journal.Write($"{gate} passed");
    }

    public Task HoldByDefault(string gate) => Hold(gate);

    public Task Tell(string entry)
    {
        journal.Write(entry);
        return Task.CompletedTask;
    }

    public Task TellAndThrow(string entry)
    {
        journal.Write(entry);
        throw new RefusalException(entry);
    }

    public async Task HoldWith(string gate, CancellationToken cancellation)
    {
        journal.Write($"{gate} held");
        try
        {
            await journal.Gate(gate).WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            journal.Write($"{gate} cancelled");
            throw;
        }
    }

    public async Task<bool> RegisterWith(CancellationToken cancellation)
    {
        var scheduler = TaskScheduler.Current;
        var cancelled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(() =>
        {
            var inTurn = ReferenceEquals(TaskScheduler.Current, scheduler);
            journal.Write($"registered callback in turn: {inTurn}");
            cancelled.SetResult(inTurn);
        });
        journal.Write("registered");
        return await cancelled.Task;
    }

    public Task CallBack(string other)
    {
        var call = GrainFactory.GetGrain<ICallGrain>(other).Nothing();
        journal.Write("calling back");
        return call;
    }

    public async Task AskAndWait(string other, string gate)
    {
        await GrainFactory.GetGrain<ICallGrain>(other).CallBack(this.GetPrimaryKeyString());
        await journal.Gate(gate);
    }
}
