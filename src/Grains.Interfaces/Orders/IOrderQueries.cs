using OpenBitum.Access;
using OpenBitum.ReadModel;

namespace OpenBitum.Orders;

/// <summary>Lists of orders, newest first; a stateless worker under any key.</summary>
[Alias("openbitum.orders.queries")]
public interface IOrderQueries : IGrainWithStringKey
{
    /// <param name="merchant">Whose orders.</param>
    /// <param name="status">Only these; null: all.</param>
    /// <param name="page">Which part.</param>
    [Alias("OfMerchant")]
    Task<Page<MerchantOrderView>> OfMerchant(MerchantId merchant, OrderStatus? status, PageRequest page);
}
