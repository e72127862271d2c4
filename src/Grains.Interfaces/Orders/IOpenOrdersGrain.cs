using OpenBitum.Access;

namespace OpenBitum.Orders;

/// <summary>
/// The orders that one client address has open at one merchant and has paid nothing for; key: <see cref="KeyOf"/>. Each of them holds
/// stock and an address of the merchant's key, and costs its caller nothing, so there is a bound. It is known in memory only: what is
/// lost with a process is a bound that begins anew, never an order.
/// </summary>
[Alias("openbitum.orders.open-orders")]
public interface IOpenOrdersGrain : IGrainWithStringKey
{
    /// <param name="merchant">Whose orders.</param>
    /// <param name="client">Who counts as one client, in a form of its own.</param>
    static string KeyOf(MerchantId merchant, string client) => $"open/{merchant.Value}/{client}";

    /// <summary>Counts an order that is about to be opened; once, however often it is asked for.</summary>
    /// <returns>Null when it may be opened; otherwise how long it takes until the next of the others ends.</returns>
    [Alias("Admit")]
    Task<TimeSpan?> Admit(OrderId order);

    /// <summary>It was refused, so it holds nothing.</summary>
    [Alias("Withdraw")]
    Task Withdraw(OrderId order);
}
