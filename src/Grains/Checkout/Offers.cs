using OpenBitum.Access;
using OpenBitum.Chains;
using OpenBitum.Money;
using OpenBitum.Wallets;

namespace OpenBitum.Checkout;

/// <summary>Asks wallets, chains and rates what <see cref="Offer"/> has to know.</summary>
public sealed class Offers(IGrainFactory grains, ChainCatalog chains, FixedRates rates)
{
    private static readonly Asset Dollar = Asset.Currency("USD")!;

    /// <param name="merchant">Who is paid.</param>
    /// <param name="total">What is to be paid.</param>
    /// <param name="firstAsset">Methods in this asset stand first.</param>
    public async Task<Offer> Find(MerchantId merchant, Amount total, string firstAsset) =>
        Offer.Decide(total, [.. await Task.WhenAll(chains.All.Select(chain => Facts(merchant, chain, total)))], firstAsset);

    /// <summary>What is still true of one method when it is picked later.</summary>
    public async Task<MethodFacts> Facts(MerchantId merchant, Chain chain, Amount total)
    {
        var key = grains.GetGrain<IWalletGrain>(IWalletGrain.KeyOf(merchant, chain.Id)).Current();
        var status = await grains.GetGrain<IChainFollowerGrain>(chain.Id).Status();
        return new MethodFacts(chain, await key, status.Status is ChainHealth.Ready, rates.Find(chain.Asset, total.Asset))
        {
            Dollars = rates.Find(chain.Asset, Dollar),
        };
    }
}
