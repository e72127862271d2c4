using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpenBitum.Access;
using OpenBitum.Money;
using OpenBitum.Outbox;
using Orleans.Concurrency;

namespace OpenBitum.Customers;

/// <summary>
/// A buyer as one merchant knows them; key: <see cref="KeyOf"/>, one per merchant and case-folded e-mail. Whoever comes back after
/// an erasure is a new customer under the same key.
/// </summary>
[Alias("openbitum.customers.customer")]
public interface ICustomerGrain : IGrainWithStringKey, IPublishes
{
    /// <summary>
    /// `merchant/` and the SHA-256 of the case-folded e-mail in hex: an address is personal, so no key shows it. Whoever reads the store
    /// can still try a guessed address on it: a buyer who comes back is found by nothing else, so there is no salt to throw away.
    /// </summary>
    static string KeyOf(MerchantId merchant, string email) =>
        $"{merchant.Value}/{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Fold(email))))}";

    static string Fold(string email) => string.Concat(email.Select(Fold));

    /// <summary>
    /// A letter of another script stays one: the Kelvin sign's small letter is an ASCII k, and whoever has a mailbox with that sign in
    /// its name would be taken for the one without.
    /// </summary>
    private static char Fold(char letter) =>
        char.ToLowerInvariant(letter) is var small && char.IsAscii(small) == char.IsAscii(letter) ? small : letter;

    /// <summary>The customer's id; the first call creates the customer and tells `customer.created` once.</summary>
    [Alias("Meet")]
    Task<CustomerId> Meet(MeetCustomer command);

    /// <summary>
    /// Puts a hash in place of the e-mail: here at once, and in the customer's orders until the last one has it, over any failure.
    /// Repeating it changes nothing.
    /// </summary>
    /// <returns>False when there is no such customer under this key.</returns>
    [Alias("Erase")]
    Task<bool> Erase(CustomerId customer);

    /// <summary>
    /// The hash that stands in place of this customer's e-mail; null while they are not erased. An order asks once it is in the
    /// read model: either the erasure finds it there, or it finds the erasure here.
    /// </summary>
    [AlwaysInterleave, Alias("ErasedEmail")]
    Task<string?> ErasedEmail(CustomerId customer);
}

/// <summary>Keeps a buyer's e-mail, and has to let go of it; key: an order's id.</summary>
[Alias("openbitum.customers.holds-buyer")]
public interface IHoldsBuyer : IGrainWithStringKey
{
    /// <summary>Repeating it changes nothing.</summary>
    [Alias("EraseBuyer")]
    Task EraseBuyer(EraseBuyer command);
}

/// <param name="Test">The order that brings them is paid on SANDBOX only.</param>
[GenerateSerializer, Immutable, Alias("openbitum.customers.meet-customer")]
public sealed record MeetCustomer(
    [property: Id(0)] MerchantId Merchant,
    [property: Id(1)] string Email,
    [property: Id(2)] bool Test);

/// <param name="Customer">Whose e-mail.</param>
/// <param name="Hash">What stands in its place.</param>
[GenerateSerializer, Immutable, Alias("openbitum.customers.erase-buyer")]
public sealed record EraseBuyer(
    [property: Id(0)] CustomerId Customer,
    [property: Id(1)] string Hash);

/// <summary>The merchant's view of a customer, with what their orders add up to; nothing yet in `customer.created`.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.customers.customer-view")]
public sealed record CustomerView
{
    [Id(0)] public required CustomerId Id { get; init; }

    /// <summary>64 hex digits once it is erased: SHA-256 of the e-mail behind a salt that nobody keeps.</summary>
    [Id(1)] public required string Email { get; init; }

    /// <summary>All of them, whatever became of them.</summary>
    [Id(3)] public long Orders { get; init; }

    /// <summary>Totals of paid orders, one for each asset; without what was refunded and what is reversed at present.</summary>
    [Id(4)] public ImmutableArray<Amount> Spent { get; init; } = [];

    /// <summary>Of paid orders; taken back with the money.</summary>
    [Id(5)] public long Xp { get; init; }

    /// <summary>How many entitlements are active.</summary>
    [Id(6)] public long EntitlementCount { get; init; }

    [Id(2)] public required DateTimeOffset CreatedAt { get; init; }

    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public DateTimeOffset? ErasedAt { get; init; }
}
