using OpenBitum.Conformance;
using OpenBitum.Tests.Hosting;

namespace OpenBitum.Runtime;

public sealed class ProxyTests
{
    [Fact]
    public async Task Interfaces_and_messages_may_be_internal()
    {
        await using var host = await TestHost.Start();
        var grain = host.GrainFactory.GetGrain<IHiddenGrain>("a");
        var parcel = new Parcel("book", [1, 2]);

        Assert.Same(parcel, await grain.Forward(parcel));
        Assert.Same(parcel, (await grain.Sort([parcel]))["book"]);
        Assert.True(await grain.Is(null));
    }

    [Fact]
    public async Task A_message_can_be_sent_through_its_serializer()
    {
        await using var host = await TestHost.Start(RoundTripping());
        var parcel = new Parcel("book", [1, 2]);

        var forwarded = await host.GrainFactory.GetGrain<IHiddenGrain>("a").Forward(parcel);

        Assert.NotSame(parcel, forwarded);
        Assert.Equal("book", forwarded.Content);
        Assert.Equal<int>([1, 2], forwarded.Weights);
    }

    [Fact]
    public async Task What_the_serializer_loses_is_lost_to_the_callee()
    {
        await using var host = await TestHost.Start(RoundTripping());

        Assert.Null((await host.GrainFactory.GetGrain<IHiddenGrain>("a").Lose(new Unreadable("x"))).Lost);
    }

    [Fact]
    public async Task A_method_that_cannot_be_called_across_grains_is_refused_by_name()
    {
        await using var host = await TestHost.Start();

        var wrongReturn = Assert.Throws<NotSupportedException>(() => host.GrainFactory.GetGrain<IWrongReturnGrain>("a"));
        var twoTokens = Assert.Throws<NotSupportedException>(() => host.GrainFactory.GetGrain<ITwoTokensGrain>("a"));

        Assert.Contains("IWrongReturnGrain.Number returns System.Int32", wrongReturn.Message);
        Assert.Contains("ITwoTokensGrain.Call has more than one CancellationToken", twoTokens.Message);
    }

    [Fact]
    public async Task A_class_is_not_an_interface()
    {
        await using var host = await TestHost.Start();

        Assert.Throws<ArgumentException>(() => host.GrainFactory.GetGrain<UncalledGrain>("a"));
    }

    private static TestHostOptions RoundTripping()
        => new() { Silo = silo => silo.Configure<EmbeddedGrainOptions>(options => options.RoundTripMessages = true) };

    public sealed class UncalledGrain : Grain, IGrainWithStringKey;
}
