using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Stepped;

namespace Microsoft.Extensions.Hosting;

public static class GrainHostingExtensions
{
    /// <summary>Hosts grains in this process. The grains of every assembly that is loaded or referenced take part.</summary>
    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        AddEngine(hostAppBuilder.Services, hostAppBuilder.Configuration, configureDelegate);
        return hostAppBuilder;
    }

    /// <inheritdoc cref="UseOrleans(IHostApplicationBuilder, Action{ISiloBuilder})"/>
    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<ISiloBuilder> configureDelegate)
        => hostBuilder.ConfigureServices((context, services) => AddEngine(services, context.Configuration, configureDelegate));

    private static void AddEngine(IServiceCollection services, IConfiguration configuration, Action<ISiloBuilder> configure)
    {
        configure(new SiloBuilder(services, configuration));
        if (services.Any(descriptor => descriptor.ServiceType == typeof(GrainEngine)))
        {
            return;
        }

        services.AddOptions<EmbeddedGrainOptions>().ValidateDataAnnotations();
        services.AddOptions<ReminderOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IEngineScheduler, ThreadedScheduler>();
        services.AddSingleton(provider => new GrainEngine(
            provider,
            services,
            provider.GetRequiredService<IOptions<EmbeddedGrainOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IEngineScheduler>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<GrainEngine>().GrainFactory);
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<GrainEngine>().GrainFactory);
        services.AddSingleton<EngineHostedService>();
        services.AddHostedService(provider => provider.GetRequiredService<EngineHostedService>());
    }

    private sealed record SiloBuilder(IServiceCollection Services, IConfiguration Configuration) : ISiloBuilder;
}
