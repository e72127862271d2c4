using OpenBitum.Access;
using OpenBitum.ReadModel;
using Orleans.Concurrency;

namespace OpenBitum.Orders;

[StatelessWorker]
public sealed class OrderQueries(IDatabase database) : Grain, IOrderQueries
{
    public Task<Page<MerchantOrderView>> OfMerchant(MerchantId merchant, OrderFilter filter, PageRequest page) =>
        database.Read(session => OrderRows.OfMerchant(session, merchant, filter, page));

    public Task<OrderHistory> History(OrderId order) => database.Read(async session => new OrderHistory(
        await EventRows.OfSubject(session, order), await DeliveryRows.OfSubject(session, order.Value)));

    public Task<OrderId?> OfScript(string chain, string script) => database.Read(async session =>
        (await ScriptRows.Listeners(session, chain, [script])).TryGetValue(script, out var listener)
            && OrderId.TryParse(listener, out var order) ? order : (OrderId?)null);
}
