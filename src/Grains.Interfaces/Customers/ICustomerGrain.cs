using OpenBitum.Access;
using OpenBitum.Outbox;

namespace OpenBitum.Customers;

/// <summary>A buyer as one merchant knows them; key: <see cref="KeyOf"/>, one per merchant and case-folded e-mail.</summary>
[Alias("openbitum.customers.customer")]
public interface ICustomerGrain : IGrainWithStringKey, IPublishes
{
    /// <summary>`merchant/` and the SHA-256 of the case-folded e-mail in hex: an address is personal, so no key shows it.</summary>
    static string KeyOf(MerchantId merchant, string email) =>
        $"{merchant.Value}/{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Fold(email))))}";

    static string Fold(string email) => email.ToLowerInvariant();

    /// <summary>The customer's id; the first call creates the customer and tells `customer.created` once.</summary>
    [Alias("Meet")]
    Task<CustomerId> Meet(MeetCustomer command);
}

/// <param name="Test">The order that brings them is paid on SANDBOX only.</param>
[GenerateSerializer, Immutable, Alias("openbitum.customers.meet-customer")]
public sealed record MeetCustomer(
    [property: Id(0)] MerchantId Merchant,
    [property: Id(1)] string Email,
    [property: Id(2)] bool Test);

/// <summary>The merchant's view of a customer.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.customers.customer-view")]
public sealed record CustomerView(
    [property: Id(0)] CustomerId Id,
    [property: Id(1)] string Email,
    [property: Id(2)] DateTimeOffset CreatedAt);
