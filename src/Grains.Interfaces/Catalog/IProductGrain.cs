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

    [Alias("Reserve")]
    Task<ReserveStatus> Reserve(ReserveStock command);

    /// <summary>Gives back what this order took, once; the id is kept until <see cref="Acknowledge"/>.</summary>
    [Alias("Return")]
    Task Return(ReserveStock command);

    /// <summary>The order has written down what it took or gave back: the product forgets its id.</summary>
    [Alias("Acknowledge")]
    Task Acknowledge(OrderId order);
}
