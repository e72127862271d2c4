using Orleans.Concurrency;
using OpenBitum.Orders;
using OpenBitum.Outbox;

namespace OpenBitum.Catalog;

/// <summary>One product; key: its <see cref="ProductId"/>.</summary>
[Alias("openbitum.catalog.product")]
public interface IProductGrain : IGrainWithStringKey, IPublishes
{
    [Alias("Create")]
    Task<ProductResult> Create(CreateProduct command);

    [Alias("Update")]
    Task<ProductResult> Update(UpdateProduct command);

    [Alias("Delete")]
    Task<ProductResult> Delete(DeleteProduct command);

    /// <summary>The product, deleted or not; null when it never existed. The caller checks the merchant.</summary>
    [ReadOnly, Alias("View")]
    Task<ProductView?> View();

    /// <summary>What can be bought now; null when unknown, deleted or inactive.</summary>
    [ReadOnly, Alias("Offer")]
    Task<ProductOffer?> Offer();

    /// <summary>Takes units for an order, once however often it asks. Orders that ask at the same moment share one write.</summary>
    [AlwaysInterleave, Alias("Reserve")]
    Task<ReserveStatus> Reserve(ReserveStock command);

    /// <summary>
    /// Gives back, once, what this order took, also when it has acknowledged the taking; the id is kept until
    /// <see cref="Acknowledge"/>. Only for an order that knows it took: any other calls <see cref="Withdraw"/>.
    /// </summary>
    [AlwaysInterleave, Alias("Return")]
    Task Return(ReserveStock command);

    /// <summary>
    /// Gives back, once, what an order took, if it took anything; a <see cref="Reserve"/> of it that arrives later is refused.
    /// The id is kept until <see cref="Acknowledge"/>.
    /// </summary>
    [AlwaysInterleave, Alias("Withdraw")]
    Task Withdraw(OrderId order);

    /// <summary>The order has written down what it took or gave back: the product forgets its id.</summary>
    [AlwaysInterleave, Alias("Acknowledge")]
    Task Acknowledge(OrderId order);
}
