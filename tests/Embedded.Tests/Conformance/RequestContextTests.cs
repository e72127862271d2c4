namespace OpenBitum.Conformance;

public sealed class RequestContextTests : ConformanceTest
{
    [Theory, InEveryMode]
    public Task A_value_flows_with_the_chain_of_calls(string mode) => Run(mode, async host =>
    {
        RequestContext.Set("trace", "42");
        var grain = host.GrainFactory.GetGrain<IFilteredGrain>("a");

        Assert.Equal("42", await grain.Flowing("trace"));
        Assert.Equal("42", await grain.FlowingThrough("b", "trace"));
        Assert.Equal("42", await grain.FlowingBehindAnAwait("trace"));
        Assert.Equal("nothing", await grain.Flowing("other"));
    });

    [Theory, InEveryMode]
    public Task A_value_does_not_flow_back_nor_into_the_next_call(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IFilteredGrain>("a");

        await grain.SetFlowing("trace", "42");

        Assert.Null(RequestContext.Get("trace"));
        Assert.Equal("nothing", await grain.Flowing("trace"));
    });

    [Theory, InEveryMode]
    public Task Calls_side_by_side_keep_their_values_apart(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IFilteredGrain>("a");

        var seen = await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            RequestContext.Set("trace", $"{number}");
            return await grain.FlowingBehindAnAwait("trace");
        }));

        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"{number}"), seen);
    });

    [Theory, InEveryMode]
    public Task A_value_that_is_removed_flows_no_more(string mode) => Run(mode, async host =>
    {
        var grain = host.GrainFactory.GetGrain<IFilteredGrain>("a");
        RequestContext.Set("trace", "42");
        RequestContext.Set("other", "43");

        Assert.True(RequestContext.Remove("trace"));
        Assert.False(RequestContext.Remove("trace"));
        Assert.Equal("nothing", await grain.Flowing("trace"));
        Assert.Equal("43", await grain.Flowing("other"));
        RequestContext.Clear();

        Assert.Equal("nothing", await grain.Flowing("other"));
    });
}
