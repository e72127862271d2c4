using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Settings;

namespace OpenBitum.Chains;

public static class ChainsSetup
{
    /// <summary>The catalogue of configured chains, and for each of them an <see cref="IChain"/> under its id.</summary>
    public static IServiceCollection AddChains(this IServiceCollection services, IConfiguration configuration)
    {
        var options = services.AddSettings<ChainsOptions>(configuration, "Chains");
        var catalog = ChainCatalog.Of(options, services.AddInstance(configuration).IsLocal);
        services.AddSingleton(catalog);
        foreach (var chain in catalog.All)
        {
            if (chain.Node is { } node)
            {
                services.AddKeyedSingleton<IChain>(
                    chain.Id, (_, _) => new BitcoinChain(new BitcoinRpc(BitcoinRpc.Connect(node), node), node.RpcBatchSize));
            }
            else
            {
                services.AddKeyedSingleton<IChain, SandboxChain>(chain.Id);
            }
        }

        return services;
    }
}
