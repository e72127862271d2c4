namespace OpenBitum.Conformance;

public interface IFilteredGrain : IGrainWithStringKey
{
    Task<int> Add(int first, int second);

    Task Fail();

    Task<int> AskToAdd(string other, int first, int second);

    Task<string> Flowing(string key);

    Task<string> FlowingThrough(string other, string key);

    Task SetFlowing(string key, string value);

    Task<string> FlowingBehindAnAwait(string key);
}

public interface ISelfFilteringGrain : IGrainWithStringKey
{
    Task<int> Add(int first, int second);
}

public sealed class FilteredGrain : Grain, IFilteredGrain
{
    public Task<int> Add(int first, int second) => Task.FromResult(first + second);

    public Task Fail() => throw new RefusalException("failed");

    public Task<int> AskToAdd(string other, int first, int second) => GrainFactory.GetGrain<IFilteredGrain>(other).Add(first, second);

    public Task<string> Flowing(string key) => Task.FromResult(RequestContext.Get(key) as string ?? "nothing");

    public Task<string> FlowingThrough(string other, string key) => GrainFactory.GetGrain<IFilteredGrain>(other).Flowing(key);

    // Not async: what it sets stays in this thread's context unless the runtime takes care.
    public Task SetFlowing(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.CompletedTask;
    }

    public async Task<string> FlowingBehindAnAwait(string key)
    {
        await Task.Yield();
        return RequestContext.Get(key) as string ?? "nothing";
    }
}

public sealed class SelfFilteringGrain(Journal journal) : Grain, ISelfFilteringGrain, IIncomingGrainCallFilter
{
    public Task<int> Add(int first, int second) => Task.FromResult(first + second);

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        journal.Write($"own filter saw {context.Result}");
    }
}
