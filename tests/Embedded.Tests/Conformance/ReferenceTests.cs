namespace OpenBitum.Conformance;

public sealed class ReferenceTests : ConformanceTest
{
    [Theory, InEveryMode]
    public Task Every_interface_of_a_class_leads_to_the_same_grain(string mode) => Run(mode, async host =>
    {
        Assert.Equal("said 1 k derived/k", await host.GrainFactory.GetGrain<IBaseGrain>("k").Say());
        Assert.Equal("heard 2 k derived/k", await host.GrainFactory.GetGrain<IListenerGrain>("k").Hear());
        Assert.Equal("added 3 k derived/k", await host.GrainFactory.GetGrain<IDerivedGrain>("k").Add());
        Assert.Equal("said 4 k derived/k", await host.GrainFactory.GetGrain<IDerivedGrain>("k").Say());
        Assert.Equal("heard 5 k derived/k", await host.GrainFactory.GetGrain<IDerivedGrain>("k").Hear());
    });

    [Theory, InEveryMode]
    public Task Keys_are_kept_as_they_are(string mode) => Run(mode, async host =>
    {
        foreach (var key in new[] { "a/b", "A", "a", "ord_01J", "käse", "a b", "a|b%2F" })
        {
            var grain = host.GrainFactory.GetGrain<IBaseGrain>(key);
            Assert.Equal(key, grain.GetPrimaryKeyString());
            Assert.Equal($"said 1 {key} derived/{key}", await grain.Say());
        }
    });

    [Theory, InEveryMode]
    public Task References_to_one_grain_are_equal(string mode) => Run(mode, host =>
    {
        var grain = host.GrainFactory.GetGrain<IBaseGrain>("k");

        Assert.Equal(grain, host.GrainFactory.GetGrain<IBaseGrain>("k"));
        Assert.Equal(grain.GetHashCode(), host.GrainFactory.GetGrain<IBaseGrain>("k").GetHashCode());
        Assert.NotEqual(grain, host.GrainFactory.GetGrain<IBaseGrain>("l"));
        return Task.CompletedTask;
    });

    [Theory, InEveryMode]
    public Task The_client_and_the_factory_reach_the_same_grains(string mode) => Run(mode, async host =>
    {
        Assert.Equal("said 1 k derived/k", await host.Client.GetGrain<IBaseGrain>("k").Say());
        Assert.Equal("said 2 k derived/k", await host.GrainFactory.GetGrain<IBaseGrain>("k").Say());
    });

    [Theory, InEveryMode]
    public Task Several_classes_behind_an_interface_need_a_prefix(string mode) => Run(mode, async host =>
    {
        Assert.Throws<ArgumentException>(() => host.GrainFactory.GetGrain<IAmbiguousGrain>("k"));

        Assert.Equal("one", await host.GrainFactory.GetGrain<IAmbiguousGrain>("k", "OpenBitum.Conformance.AmbiguousOne").Who());
        Assert.Equal("two", await host.GrainFactory.GetGrain<IAmbiguousGrain>("k", "OpenBitum.Conformance.AmbiguousTwoGrain").Who());
        Assert.Throws<ArgumentException>(() => host.GrainFactory.GetGrain<IAmbiguousGrain>("k", "OpenBitum.Conformance.Ambiguous"));
        Assert.Throws<ArgumentException>(() => host.GrainFactory.GetGrain<IAmbiguousGrain>("k", "OpenBitum.Other"));
    });

    [Theory, InEveryMode]
    public Task The_class_with_the_interfaces_own_name_goes_before_others(string mode) => Run(mode, async host =>
    {
        Assert.Equal("primary", await host.GrainFactory.GetGrain<IPrimaryGrain>("k").Who());
        Assert.Equal("secondary", await host.GrainFactory.GetGrain<IPrimaryGrain>("k", "OpenBitum.Conformance.Secondary").Who());
    });

    [Theory, InEveryMode]
    public Task An_interface_without_a_class_is_refused(string mode) => Run(mode, host =>
    {
        Assert.Throws<ArgumentException>(() => host.GrainFactory.GetGrain<INobodyGrain>("k"));
        return Task.CompletedTask;
    });
}
