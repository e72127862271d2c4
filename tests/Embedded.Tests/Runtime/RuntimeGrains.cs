using System.Collections.Immutable;
using OpenBitum.Conformance;

namespace OpenBitum.Runtime;

[GenerateSerializer, Immutable, Alias("openbitum.runtime.parcel")]
internal sealed record Parcel([property: Id(0)] string Content, [property: Id(1)] ImmutableArray<int> Weights);

[GenerateSerializer, Immutable, Alias("openbitum.runtime.unreadable")]
public sealed record Unreadable(string Lost);

internal interface IHiddenGrain : IGrainWithStringKey
{
    Task<Parcel> Forward(Parcel parcel);

    Task<ImmutableDictionary<string, Parcel>> Sort(ImmutableArray<Parcel> parcels);

    Task<bool> Is(object? seen);

    Task<Unreadable> Lose(Unreadable unreadable);
}

public interface IBusyGrain : IGrainWithStringKey
{
    Task Enter(string name);

    Task<int> Hop(int times);
}

public interface IStubbornGrain : IGrainWithStringKey
{
    Task Nothing();
}

/// <summary>Shows its timer to the test.</summary>
public interface IShowingGrain : IGrainWithStringKey
{
    Task Begin(TimeSpan due);

    Task Change(TimeSpan due);

    Task<int> Ticks();
}

public interface IForgetfulGrain : IGrainWithStringKey
{
    Task Nothing();
}

public interface IWrongReturnGrain : IGrainWithStringKey
{
    int Number();
}

public interface ITwoTokensGrain : IGrainWithStringKey
{
    Task Call(CancellationToken first, CancellationToken second);
}

public sealed class HiddenGrain : Grain, IHiddenGrain
{
    Task<Parcel> IHiddenGrain.Forward(Parcel parcel) => Task.FromResult(parcel);

    Task<ImmutableDictionary<string, Parcel>> IHiddenGrain.Sort(ImmutableArray<Parcel> parcels)
        => Task.FromResult(parcels.ToImmutableDictionary(parcel => parcel.Content));

    Task<bool> IHiddenGrain.Is(object? seen) => Task.FromResult(seen is null);

    Task<Unreadable> IHiddenGrain.Lose(Unreadable unreadable) => Task.FromResult(unreadable);
}

public sealed class BusyGrain(Journal journal) : Grain, IBusyGrain
{
    public async Task Enter(string name)
    {
        for (var turn = 0; turn < 3; turn++)
        {
            journal.Write(name);
            await Task.Yield();
        }
    }

    public async Task<int> Hop(int times) => times == 0
        ? 0
        : 1 + await GrainFactory.GetGrain<IBusyGrain>($"{this.GetPrimaryKeyString()}'").Hop(times - 1);
}

/// <summary>Never lets itself be deactivated.</summary>
public sealed class StubbornGrain(Journal journal) : Grain, IStubbornGrain
{
    public Task Nothing() => Task.CompletedTask;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => journal.Gate("never");
}

public sealed class ShownTimer
{
    public IGrainTimer? Timer { get; set; }
}

public sealed class ShowingGrain(ShownTimer shown) : Grain, IShowingGrain
{
    private int ticks;

    public Task Begin(TimeSpan due)
    {
        shown.Timer = this.RegisterGrainTimer(Tick, due, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan due)
    {
        shown.Timer!.Change(due, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task<int> Ticks() => Task.FromResult(ticks);

    private Task Tick()
    {
        ticks++;
        return Task.CompletedTask;
    }
}

public sealed class ForgetfulGrain(
    [PersistentState("forgetful", "a storage that nobody registers")] IPersistentState<Account> account) : Grain, IForgetfulGrain
{
    public Task Nothing() => Task.FromResult(account.State);
}

public sealed class WrongReturnGrain : Grain, IWrongReturnGrain
{
    public int Number() => 1;
}

public sealed class TwoTokensGrain : Grain, ITwoTokensGrain
{
    public Task Call(CancellationToken first, CancellationToken second) => Task.CompletedTask;
}
