using OpenBitum.Access;

namespace OpenBitum.Shop;

/// <summary>Whose products and shop a public read is about.</summary>
internal sealed class PublicMerchant(IGrainFactory grains, AccessOptions access)
{
    /// <summary>The query parameter.</summary>
    public const string Slug = "slug";

    /// <summary>The slug's, else the caller's, else the default merchant. Null for a slug that is nobody's.</summary>
    public async Task<MerchantId?> Find(IQueryCollection query, Caller caller)
    {
        if (!query.ContainsKey(Slug))
        {
            return caller.IsAnonymous ? new MerchantId(access.DefaultMerchant) : caller.Merchant;
        }

        return OpenBitum.Shop.Slug.TryParse(query[Slug], out var slug)
            ? await grains.GetGrain<ISlugGrain>(ISlugGrain.KeyOf(slug)).Owner()
            : null;
    }
}
