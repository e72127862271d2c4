using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Customers;
using OpenBitum.ReadModel;

namespace OpenBitum.Orders;

/// <summary>Lists of orders; a stateless worker under any key.</summary>
[Alias("openbitum.orders.queries")]
public interface IOrderQueries : IGrainWithStringKey
{
    /// <param name="merchant">Whose orders.</param>
    /// <param name="filter">Which of them, in which order.</param>
    /// <param name="page">Which part; its cursor is one of this merchant, filter and sort (<see cref="OrderCursor"/>).</param>
    [Alias("OfMerchant")]
    Task<Page<MerchantOrderView>> OfMerchant(MerchantId merchant, OrderFilter filter, PageRequest page);

    /// <summary>What was told of an order, and to whom.</summary>
    [Alias("History")]
    Task<OrderHistory> History(OrderId order);

    /// <summary>The order that an address was made for; null when none was.</summary>
    /// <param name="chain">The chain's id.</param>
    /// <param name="script">The address's script in lowercase hex.</param>
    [Alias("OfScript")]
    Task<OrderId?> OfScript(string chain, string script);
}

/// <summary>How a list of orders is sorted. LastPaid leaves out what was never paid: it has no place there.</summary>
public enum OrderSort { Newest, Oldest, LastPaid }

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

    /// <summary>An id, e-mail, address or transaction id, matched exactly; an e-mail in any case.</summary>
    [Id(5)] public string? Search { get; init; }

    [Id(6)] public OrderSort Sort { get; init; }
}
