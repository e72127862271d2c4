using OpenBitum.Access;
using OpenBitum.ReadModel;

namespace OpenBitum.Customers;

/// <summary>Lists of customers; a stateless worker under any key.</summary>
[Alias("openbitum.customers.queries")]
public interface ICustomerQueries : IGrainWithStringKey
{
    /// <summary>Newest first, erased ones included.</summary>
    [Alias("OfMerchant")]
    Task<Page<CustomerView>> OfMerchant(MerchantId merchant, PageRequest page);

    /// <summary>Null when the merchant has no such customer.</summary>
    [Alias("Find")]
    Task<CustomerView?> Find(MerchantId merchant, CustomerId customer);

    /// <summary>The key of the customer's <see cref="ICustomerGrain"/>; null when the merchant has no such customer.</summary>
    [Alias("KeyOf")]
    Task<string?> KeyOf(MerchantId merchant, CustomerId customer);
}
