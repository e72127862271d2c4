using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpenBitum.Entitlements;
using OpenBitum.Money;

namespace OpenBitum.Customers;

/// <summary>One customer, with what they own.</summary>
/// <param name="Entitlements">The newest 100.</param>
internal sealed record CustomerDetail(
    CustomerId Id,
    string Email,
    long Orders,
    ImmutableArray<Amount> Spent,
    long Xp,
    long EntitlementCount,
    ImmutableArray<EntitlementView> Entitlements,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ErasedAt);
