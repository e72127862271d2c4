namespace OpenBitum.Conformance;

[GenerateSerializer, Alias("openbitum.conformance.account")]
public sealed class Account
{
    [Id(0)]
    public int Balance { get; set; }

    [Id(1)]
    public string? Note { get; set; }
}

[GenerateSerializer, Immutable, Alias("openbitum.conformance.account-view")]
public sealed record AccountView(
    [property: Id(0)] int Balance, [property: Id(1)] bool RecordExists, [property: Id(2)] bool HasEtag);

public interface IAccountGrain : IGrainWithStringKey
{
    Task<AccountView> View();

    Task<AccountView> SeenWhileActivating();

    Task Add(int amount);

    Task AddWithToken(int amount, CancellationToken cancellation);

    Task AddWithoutWriting(int amount);

    Task Read();

    Task Clear();

    Task Leave();

    Task AddTwiceAtOnce(int amount);

    Task<string> TryAdd(int amount);

    Task AskToAdd(string other, int amount);

    Task<string> ReadStateOutsideOfTheGrain();
}

public interface ITwoStatesGrain : IGrainWithStringKey
{
    Task Set(int first, int second);

    Task<int[]> Get();

    Task Leave();
}

/// <summary>Has the state name of <see cref="AccountGrain"/>, so it writes that grain's record behind its back.</summary>
public interface IIntruderGrain : IGrainWithStringKey
{
    Task Add(int amount);
}

public sealed class AccountGrain(
    [PersistentState("conformance-account", "grains")] IPersistentState<Account> account, Journal journal) : Grain, IAccountGrain
{
    private AccountView? activating;

    private AccountView Seen => new(account.State.Balance, account.RecordExists, account.Etag is not null);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Write("activating");
        activating = Seen;
        return Task.CompletedTask;
    }

    public Task<AccountView> View() => Task.FromResult(Seen);

    public Task<AccountView> SeenWhileActivating() => Task.FromResult(activating!);

    public Task Add(int amount)
    {
        account.State.Balance += amount;
        return account.WriteStateAsync();
    }

    public Task AddWithToken(int amount, CancellationToken cancellation)
    {
        account.State.Balance += amount;
        return account.WriteStateAsync(cancellation);
    }

    public Task AddWithoutWriting(int amount)
    {
        account.State.Balance += amount;
        return Task.CompletedTask;
    }

    public Task Read() => account.ReadStateAsync();

    public Task Clear() => account.ClearStateAsync();

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task AddTwiceAtOnce(int amount)
    {
        account.State.Balance += amount;
        var first = account.WriteStateAsync();
        account.State.Balance += amount;
        await Task.WhenAll(first, account.WriteStateAsync());
    }

    public async Task<string> TryAdd(int amount)
    {
        try
        {
            await Add(amount);
            return "written";
        }
        catch (Orleans.Storage.InconsistentStateException)
        {
            return $"refused with {account.State.Balance} in memory";
        }
    }

    public Task AskToAdd(string other, int amount) => GrainFactory.GetGrain<IAccountGrain>(other).Add(amount);

    public async Task<string> ReadStateOutsideOfTheGrain()
    {
        return await Task.Factory.StartNew(
            () => account.State.Note ?? "", CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default);
    }
}

public sealed class IntruderGrain(
    [PersistentState("conformance-account", "grains")] IPersistentState<Account> account) : Grain, IIntruderGrain
{
    public async Task Add(int amount)
    {
        await account.ReadStateAsync();
        account.State.Balance += amount;
        await account.WriteStateAsync();
    }
}

public sealed class TwoStatesGrain(
    [PersistentState("conformance-first", "grains")] IPersistentState<Account> first,
    [PersistentState("conformance-second", "grains")] IPersistentState<Account> second) : Grain, ITwoStatesGrain
{
    public async Task Set(int firstBalance, int secondBalance)
    {
        first.State.Balance = firstBalance;
        second.State.Balance = secondBalance;
        await Task.WhenAll(first.WriteStateAsync(), second.WriteStateAsync());
    }

    public Task<int[]> Get() => Task.FromResult<int[]>([first.State.Balance, second.State.Balance]);

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
