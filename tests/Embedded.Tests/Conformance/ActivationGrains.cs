using Orleans.Concurrency;

namespace OpenBitum.Conformance;

public interface IActivationGrain : IGrainWithStringKey
{
    Task<int> Calls();

    Task Hold(string gate);

    Task Leave(string? gate);

    Task Delay(TimeSpan time);
}

public interface IFailingGrain : IGrainWithStringKey
{
    Task Nothing();
}

public interface IKeptGrain : IGrainWithStringKey
{
    Task<int> Calls();
}

public class ActivationGrain(Journal journal) : Grain, IActivationGrain
{
    private int calls;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Write("activating");
        await Task.Yield();
        journal.Write("active");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Write($"deactivating: {reason.ReasonCode}");
        if (this.GetPrimaryKeyString() == "slow to leave")
        {
            await journal.Gate("left");
        }

        journal.Write("deactivated");
    }

    public Task<int> Calls() => Task.FromResult(++calls);

    public async Task Hold(string gate)
    {
        journal.Write($"{gate} held");
        await journal.Gate(gate);
    }

    public async Task Leave(string? gate)
    {
        DeactivateOnIdle();
        journal.Write("leaving");
        if (gate is not null)
        {
            await journal.Gate(gate);
            journal.Write("ended");
        }
    }

    public Task Delay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }
}

public sealed class FailingGrain(Journal journal) : Grain, IFailingGrain
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Write("activating");
        if (journal.Count("activating") == 1)
        {
            await journal.Gate("failure");
            throw new RefusalException("not yet");
        }
    }

    public Task Nothing() => Task.CompletedTask;
}

[KeepAlive]
public sealed class KeptGrain : Grain, IKeptGrain
{
    private int calls;

    public Task<int> Calls() => Task.FromResult(++calls);
}
