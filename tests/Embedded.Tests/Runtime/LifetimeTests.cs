using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenBitum.Conformance;
using OpenBitum.Tests.Hosting;
using Orleans.Storage;

namespace OpenBitum.Runtime;

public sealed class LifetimeTests
{
    private readonly Journal journal = new();

    [Fact]
    public async Task A_call_before_the_start_says_so()
    {
        using var host = Build(_ => { });

        var exception = await Assert.ThrowsAsync<SiloUnavailableException>(async ()
            => await host.Services.GetRequiredService<IGrainFactory>().GetGrain<ICallGrain>("a").Nothing());

        Assert.Contains("has not started yet", exception.Message);
    }

    [Fact]
    public async Task A_call_after_the_stop_says_so()
    {
        using var host = Build(_ => { });
        await host.StartAsync(TestContext.Current.CancellationToken);
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ICallGrain>("a");
        await grain.Nothing();
        await host.StopAsync(TestContext.Current.CancellationToken);

        var exception = await Assert.ThrowsAsync<SiloUnavailableException>(grain.Nothing);

        Assert.Contains("has stopped", exception.Message);
    }

    [Fact]
    public async Task A_stop_ends_in_time_and_tells_the_callers_that_still_wait()
    {
        using var host = Build(silo => silo.Configure<EmbeddedGrainOptions>(options =>
        {
            options.DrainTimeout = TimeSpan.FromMilliseconds(50);
            options.StopTimeout = TimeSpan.FromMilliseconds(50);
        }));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var call = grains.GetGrain<ICallGrain>("a").HoldByDefault("never");
        await journal.Until("never held");
        await grains.GetGrain<IStubbornGrain>("b").Nothing();

        await host.StopAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
    }

    [Fact]
    public void The_defaults_of_a_stop_are_under_ten_seconds()
    {
        var options = new EmbeddedGrainOptions();

        Assert.True(options.DrainTimeout + (2 * options.StopTimeout) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_startup_task_may_call_grains()
    {
        using var host = Build(silo => silo.AddStartupTask(
            (services, _) => services.GetRequiredService<IGrainFactory>().GetGrain<ICallGrain>("a").Tell("started")));

        await host.StartAsync(TestContext.Current.CancellationToken);

        await journal.Until("started");
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_startup_task_that_fails_stops_the_start()
    {
        using var host = Build(silo => silo.AddStartupTask((_, _) => throw new RefusalException("not today")));

        await Assert.ThrowsAsync<RefusalException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_storage_that_nobody_registered_is_named()
    {
        using var host = Build(silo => silo.AddMemoryGrainStorage("grains"), inMemory: false);
        await host.StartAsync(TestContext.Current.CancellationToken);

        var exception = await Assert.ThrowsAsync<BadProviderConfigException>(
            () => host.Services.GetRequiredService<IGrainFactory>().GetGrain<IForgetfulGrain>("a").Nothing());

        Assert.Contains("'a storage that nobody registers'", exception.Message);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_killed_engine_tells_those_who_wait()
    {
        await using var host = await TestHost.Start(new() { Services = services => services.AddSingleton(journal) });
        var grain = host.GrainFactory.GetGrain<ICallGrain>("a");
        var call = grain.HoldByDefault("never");
        await journal.Until("never held");

        await host.Kill();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
        await Assert.ThrowsAsync<SiloUnavailableException>(grain.Nothing);
        journal.Open("never");
        Assert.Equal(0, journal.Count("never passed"));
    }

    [Fact]
    public async Task A_caller_waits_thirty_seconds_by_default()
    {
        var clock = new ManualClock();
        await using var host = await TestHost.Start(new() { Clock = clock, Services = services => services.AddSingleton(journal) });
        var call = host.GrainFactory.GetGrain<ICallGrain>("a").HoldByDefault("door");
        await journal.Until("door held");

        clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.False(call.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("outcome is unknown", exception.Message);
        Assert.Contains("ICallGrain.HoldByDefault on call/a", exception.Message);
        journal.Open("door");
    }

    private IHost Build(Action<ISiloBuilder> configure, bool inMemory = true)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(journal);
        builder.UseOrleans(silo =>
        {
            configure(inMemory ? silo.UseInMemoryStore() : silo);
        });
        return builder.Build();
    }
}
