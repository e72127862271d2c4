using OpenBitum.Access;
using OpenBitum.ReadModel;
using Orleans.Concurrency;

namespace OpenBitum.Customers;

[StatelessWorker]
public sealed class CustomerQueries(IDatabase database) : Grain, ICustomerQueries
{
    public Task<Page<CustomerView>> OfMerchant(MerchantId merchant, PageRequest page) =>
        database.Read(session => CustomerRows.OfMerchant(session, merchant, page));

    public Task<CustomerView?> Find(MerchantId merchant, CustomerId customer) =>
        database.Read(session => CustomerRows.Find(session, merchant, customer));

    public Task<string?> KeyOf(MerchantId merchant, CustomerId customer) =>
        database.Read(session => CustomerRows.GrainKey(session, merchant, customer));
}
