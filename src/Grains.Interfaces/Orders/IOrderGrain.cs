using Orleans.Concurrency;
using OpenBitum.Chains;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Outbox;

namespace OpenBitum.Orders;

/// <summary>One order; key: its <see cref="OrderId"/>. The only maker of events about it.</summary>
[Alias("openbitum.orders.order")]
public interface IOrderGrain : IGrainWithStringKey, IPublishes, IPaymentListener, IHoldsBuyer
{
    /// <summary>The checkout. Every step is repeatable by order id: asking again resumes or repeats the answer.</summary>
    [Alias("Open")]
    Task<OpenOrderResult> Open(OpenOrder command);

    [Alias("SelectMethod")]
    Task<SelectMethodResult> SelectMethod(SelectMethod command);

    /// <summary>Null when there is no such order, or it is still a draft.</summary>
    [ReadOnly, Alias("BuyerView")]
    Task<BuyerOrderView?> BuyerView();

    /// <summary>The buyer's view as JSON. Null when there is no such order, or it is still a draft.</summary>
    [ReadOnly, Alias("BuyerJson")]
    Task<BuyerOrderJson?> BuyerJson();

    /// <summary>Null when there is no such order, or it is still a draft. The caller checks the merchant.</summary>
    [ReadOnly, Alias("MerchantView")]
    Task<MerchantOrderView?> MerchantView();

    /// <summary>
    /// The buyer's view as soon as it is another than this version; after 20 s, or when too many wait already, as it is. Null when
    /// there is no such order. It waits beside all other calls.
    /// </summary>
    [AlwaysInterleave, Alias("Next")]
    Task<BuyerOrderView?> Next(long version, CancellationToken cancellationToken);

    /// <summary>An entitlement tells how it went. Repeating it changes nothing.</summary>
    [Alias("Report")]
    Task Report(EntitlementOutcome outcome);
}
