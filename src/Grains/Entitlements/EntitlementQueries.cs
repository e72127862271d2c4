using OpenBitum.Access;
using OpenBitum.ReadModel;
using Orleans.Concurrency;

namespace OpenBitum.Entitlements;

[StatelessWorker]
public sealed class EntitlementQueries(IDatabase database) : Grain, IEntitlementQueries
{
    public Task<Page<EntitlementView>> OfCustomer(string email, PageRequest page) =>
        database.Read(session => EntitlementRows.OfEmail(session, email, page));

    public Task<Page<EntitlementView>> OfBuyer(MerchantId merchant, string email, PageRequest page) =>
        database.Read(session => EntitlementRows.OfBuyer(session, merchant, email, page));
}
