namespace OpenBitum.Conformance;

public interface IListenerGrain : IGrainWithStringKey
{
    Task<string> Hear();
}

public interface IBaseGrain : IGrainWithStringKey
{
    Task<string> Say();
}

public interface IDerivedGrain : IBaseGrain, IListenerGrain
{
    Task<string> Add();
}

public interface IAmbiguousGrain : IGrainWithStringKey
{
    Task<string> Who();
}

public interface IPrimaryGrain : IGrainWithStringKey
{
    Task<string> Who();
}

public interface INobodyGrain : IGrainWithStringKey;

/// <summary>One class stands behind the base, the derived and the listener interface.</summary>
public sealed class DerivedGrain : Grain, IDerivedGrain
{
    private int calls;

    public Task<string> Hear() => Answer("heard");

    public Task<string> Say() => Answer("said");

    public Task<string> Add() => Answer("added");

    private Task<string> Answer(string what) => Task.FromResult($"{what} {++calls} {this.GetPrimaryKeyString()} {GrainContext.GrainId}");
}

public sealed class AmbiguousOneGrain : Grain, IAmbiguousGrain
{
    public Task<string> Who() => Task.FromResult("one");
}

public sealed class AmbiguousTwoGrain : Grain, IAmbiguousGrain
{
    public Task<string> Who() => Task.FromResult("two");
}

public sealed class PrimaryGrain : Grain, IPrimaryGrain
{
    public Task<string> Who() => Task.FromResult("primary");
}

public sealed class SecondaryGrain : Grain, IPrimaryGrain
{
    public Task<string> Who() => Task.FromResult("secondary");
}
