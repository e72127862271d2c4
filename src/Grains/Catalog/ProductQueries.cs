using OpenBitum.Access;
using OpenBitum.ReadModel;
using Orleans.Concurrency;

namespace OpenBitum.Catalog;

[StatelessWorker]
public sealed class ProductQueries(IDatabase database) : Grain, IProductQueries
{
    public Task<Page<ProductView>> Active(MerchantId merchant, PageRequest page) =>
        database.Read(session => ProductRows.Active(session, merchant, page));

    public Task<Page<ProductView>> OfMerchant(MerchantId merchant, bool includeDeleted, PageRequest page) =>
        database.Read(session => ProductRows.OfMerchant(session, merchant, includeDeleted, page));
}
