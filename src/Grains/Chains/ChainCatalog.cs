using System.Collections.Immutable;
using OpenBitum.Money;

namespace OpenBitum.Chains;

/// <summary>The chains of this instance, in the order in which their methods are offered.</summary>
public sealed class ChainCatalog(ImmutableArray<Chain> chains)
{
    public const string Bitcoin = "BTC";
    public const string Litecoin = "LTC";
    public const string Sandbox = "SANDBOX";

    public ImmutableArray<Chain> All { get; } = chains;

    /// <summary>Null when the instance does not follow this chain.</summary>
    public Chain? Find(string id) => All.FirstOrDefault(chain => chain.Id == id);

    /// <param name="options">Checked.</param>
    /// <param name="isLocal">Whether the instance's public address is a loopback address.</param>
    public static ChainCatalog Of(ChainsOptions options, bool isLocal)
    {
        var chains = ImmutableArray.CreateBuilder<Chain>();
        if (options.BTC is { } bitcoin)
        {
            chains.Add(OfNode(Bitcoin, Asset.Bitcoin, bitcoin, usualConfirmations: 1, dustRelayFeeRate: 3_000));
        }

        if (options.LTC is { } litecoin)
        {
            chains.Add(OfNode(Litecoin, Asset.Litecoin, litecoin, usualConfirmations: 2, dustRelayFeeRate: 30_000));
        }

        var sandbox = options.SANDBOX ?? new SandboxOptions();
        if (sandbox.Enabled ?? (isLocal && chains.Count == 0))
        {
            chains.Add(new Chain(Sandbox, "testnet", Asset.Sandbox, sandbox.Confirmations, DustRelayFeeRate: 3_000)
            {
                Follow = new FollowOptions(sandbox.PollIntervalMilliseconds, sandbox.DegradedAfterSeconds, null),
            });
        }

        return new ChainCatalog(chains.ToImmutable());
    }

    private static Chain OfNode(string id, Asset asset, ChainOptions options, int usualConfirmations, int dustRelayFeeRate) =>
        new(id, options.Network, asset, options.Confirmations ?? usualConfirmations, dustRelayFeeRate)
        {
            Node = options,
            Follow = new FollowOptions(
                options.PollIntervalMilliseconds,
                options.DegradedAfterSeconds,
                options.Network == "mainnet" ? options.StaleTipSeconds : null),
        };
}
