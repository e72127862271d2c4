using OpenBitum.Access;
using OpenBitum.Chains;
using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.Problems;
using OpenBitum.ReadModel;

namespace OpenBitum.Wallets;

/// <summary>One public key per chain.</summary>
internal static class WalletEndpoints
{
    public static void MapWallets(this IEndpointRouteBuilder merchant)
    {
        merchant.MapMethods("/wallets", Routes.Reading, List).Takes(Paging.Limit, Paging.Cursor).Describe(WalletDescriptions.List);
        merchant.MapPost("/wallets", Set).TakesBody().Describe(WalletDescriptions.Set);
    }

    private static async Task<OneOf.Results<Ok<Page<WalletView>>, Invalid>> List(
        HttpRequest request, Caller caller, ChainCatalog chains, IGrainFactory grains)
    {
        if (!request.Query.TryReadPage(out var page, out var invalid))
        {
            return invalid;
        }

        var wallets = await Task.WhenAll(chains.All.Select(
            chain => grains.GetGrain<IWalletGrain>(IWalletGrain.KeyOf(caller.Merchant, chain.Id)).View()));

        // There are as many as the instance has chains, so the id of the last one shown is all that a cursor needs.
        var rest = wallets.OfType<WalletView>()
            .OrderBy(wallet => wallet.Chain, StringComparer.Ordinal)
            .SkipWhile(wallet => page.After is { } after && string.CompareOrdinal(wallet.Chain, after.Id) <= 0)
            .ToArray();
        var shown = rest.Take(page.Limit).ToArray();
        return new Ok<Page<WalletView>>(new Page<WalletView>(
            [.. shown], rest.Length > shown.Length ? new Cursor("", shown[^1].Chain).ToString() : null));
    }

    private static async Task<OneOf.Results<Created<WalletView>, Invalid>> Set(
        RequestBody body, Caller caller, ChainCatalog chains, IGrainFactory grains)
    {
        var fields = new Fields(body);
        var chain = fields.RequiredText("chain");
        var xpub = fields.RequiredText("xpub");
        var scriptType = fields.Text("scriptType");
        var label = fields.Text("label");
        if (fields.AreWrong(out var invalid))
        {
            return invalid;
        }

        if (chains.Find(chain) is null)
        {
            return new Invalid("chain", FieldProblemCode.BadFormat, chains.All.IsEmpty
                ? "This instance follows no chain yet; its operator sets Chains:BTC:RpcUrl or the like."
                : $"This instance follows {string.Join(", ", chains.All.Select(known => known.Id))}; write one of them.");
        }

        var result = await grains.GetGrain<IWalletGrain>(IWalletGrain.KeyOf(caller.Merchant, chain))
            .Set(new SetWallet(caller.Merchant, chain, xpub, scriptType, label));
        return result switch
        {
            { Status: SetWalletStatus.Done, Wallet: { } wallet } => new Created<WalletView>(wallet),
            _ => new Invalid(result.Problems),
        };
    }
}
