using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Tests.Hosting;
using Xunit.Sdk;
using Xunit.v3;

namespace OpenBitum.Conformance;

/// <summary>Runs one test against a fresh silo in one of the engine's modes.</summary>
public abstract class ConformanceTest
{
    protected ManualClock Clock { get; } = new();

    protected Journal Journal { get; } = new();

    protected Task Run(string mode, Func<TestHost, Task> test) => Run(mode, options => options, test);

    protected Task Run(string mode, Func<TestHostOptions, TestHostOptions> with, Func<TestHost, Task> test)
        => TestHost.Run(
            with(TestHost.Modes[mode] with { Clock = Clock, Services = services => services.AddSingleton(Journal) }), test);
}

/// <summary>The theory holds in every mode of the engine; its argument is the mode's name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InEveryModeAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
        => new([.. TestHost.Modes.Keys.Select(mode => new TheoryDataRow<string>(mode))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
