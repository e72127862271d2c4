using Microsoft.Net.Http.Headers;
using OpenBitum.Access;

namespace OpenBitum.Shop;

/// <summary>Whose products and shop a public read is about.</summary>
internal sealed class PublicMerchant(IGrainFactory grains, AccessOptions access)
{
    /// <summary>The query parameter.</summary>
    public const string Slug = "slug";

    /// <summary>What an answer under one address depends on, for caches on the way.</summary>
    private const string Vary = $"Authorization, {KeyGate.Header}";

    /// <summary>The slug's, else the caller's, else the default merchant. Null for a slug that is nobody's.</summary>
    public async Task<MerchantId?> Find(HttpRequest request, Caller caller)
    {
        var query = request.Query;
        request.HttpContext.Response.Headers.Append(HeaderNames.Vary, Vary);
        if (!query.ContainsKey(Slug))
        {
            return caller.IsAnonymous ? new MerchantId(access.DefaultMerchant) : caller.Merchant;
        }

        return OpenBitum.Shop.Slug.TryParse(query[Slug], out var slug)
            ? await grains.GetGrain<ISlugGrain>(ISlugGrain.KeyOf(slug)).Owner()
            : null;
    }
}
