using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Customers;
using OpenBitum.ReadModel;

namespace OpenBitum.Orders;

/// <summary>Lists of orders, newest first; a stateless worker under any key.</summary>
[Alias("openbitum.orders.queries")]
public interface IOrderQueries : IGrainWithStringKey
{
    /// <param name="merchant">Whose orders.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="page">Which part.</param>
    [Alias("OfMerchant")]
    Task<Page<MerchantOrderView>> OfMerchant(MerchantId merchant, OrderFilter filter, PageRequest page);
}

/// <summary>Which orders a list shows; what is null does not matter.</summary>
/// <param name="Status">Where they stand.</param>
/// <param name="Product">What was bought.</param>
/// <param name="Customer">Who bought.</param>
/// <param name="From">Created at this moment or later.</param>
/// <param name="To">Created before this moment.</param>
[GenerateSerializer, Immutable, Alias("openbitum.orders.order-filter")]
public sealed record OrderFilter(
    [property: Id(0)] OrderStatus? Status,
    [property: Id(1)] ProductId? Product,
    [property: Id(2)] CustomerId? Customer,
    [property: Id(3)] DateTimeOffset? From,
    [property: Id(4)] DateTimeOffset? To)
{
    public static OrderFilter All { get; } = new(null, null, null, null, null);
}
