using Microsoft.Extensions.DependencyInjection;

namespace OpenBitum.Outbox;

public static class OutboxSetup
{
    public static IServiceCollection AddOutbox(this IServiceCollection services) => 
        services.AddSingleton<Publisher>().AddSingleton<Marks>().AddSingleton<Rebuild>();
}
