using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Chains;
using OpenBitum.Outbox;
using OpenBitum.ReadModel;
using OpenBitum.Site;
using OpenBitum.Webhooks;

namespace OpenBitum.Silo;

/// <summary>Wakes the grains that work by themselves. Each makes sure of its own reminder, so that every silo may call this.</summary>
internal static class GrainStart
{
    public static async Task Run(IServiceProvider services, CancellationToken cancellationToken)
    {
        var grains = services.GetRequiredService<IGrainFactory>();
        await grains.GetGrain<ISweeperGrain>(ISweeperGrain.Key).Start();
        await grains.GetGrain<IRetentionGrain>(IRetentionGrain.Key).Start();
        await grains.GetGrain<ISiteGrain>(ISiteGrain.Key).CreatedAt();
        await grains.GetGrain<IWebhookQueries>("start").WakeWaiting();
        foreach (var chain in services.GetRequiredService<ChainCatalog>().All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await grains.GetGrain<IChainFollowerGrain>(chain.Id).Start();
        }
    }
}
