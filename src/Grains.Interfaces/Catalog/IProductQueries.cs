using OpenBitum.Access;
using OpenBitum.ReadModel;

namespace OpenBitum.Catalog;

/// <summary>Lists of products, newest first; a stateless worker under any key.</summary>
[Alias("openbitum.catalog.queries")]
public interface IProductQueries : IGrainWithStringKey
{
    /// <summary>Active products of one merchant.</summary>
    [Alias("Active")]
    Task<Page<ProductView>> Active(MerchantId merchant, PageRequest page);

    /// <summary>The merchant's own list: what is not deleted, or with <paramref name="includeDeleted"/> everything.</summary>
    [Alias("OfMerchant")]
    Task<Page<ProductView>> OfMerchant(MerchantId merchant, bool includeDeleted, PageRequest page);
}
