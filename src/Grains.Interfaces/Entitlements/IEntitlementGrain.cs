using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Orders;

namespace OpenBitum.Entitlements;

/// <summary>One entry of a product's entitlements for one order; key: <see cref="KeyOf"/>.</summary>
[Alias("openbitum.entitlements.entitlement")]
public interface IEntitlementGrain : IGrainWithStringKey
{
    static string KeyOf(OrderId order, int number) => $"{order.Value}/{number}";

    /// <summary>
    /// Stores what to grant and returns; the handler runs afterwards on a durable schedule and the outcome is told to the order
    /// through <see cref="IOrderGrain.Report"/>. Repeating it changes nothing.
    /// </summary>
    [Alias("Apply")]
    Task Apply(ApplyEntitlement command);

    /// <summary>Suspends what was granted (its money vanished), or lifts the suspension. Repeating it changes nothing.</summary>
    [Alias("Suspend")]
    Task Suspend(bool suspended);

    /// <summary>A hash takes the place of the buyer's e-mail, also in an order's wish that arrives later. Repeating it changes nothing.</summary>
    [Alias("EraseBuyer")]
    Task EraseBuyer(string hash);
}

[GenerateSerializer, Immutable, Alias("openbitum.entitlements.apply-entitlement")]
public sealed record ApplyEntitlement(
    [property: Id(0)] EntitlementId Id,
    [property: Id(1)] OrderId Order,
    [property: Id(2)] int Number,
    [property: Id(3)] MerchantId Merchant,
    [property: Id(4)] ProductId Product,
    [property: Id(5)] string Email,
    [property: Id(6)] ProductEntitlement Entitlement,
    [property: Id(7)] int Quantity);

public enum EntitlementStatus { Pending, Active, Failed, Suspended, Revoked }

/// <summary>What the entitlement grain tells its order.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.entitlements.entitlement-outcome")]
public sealed record EntitlementOutcome(
    [property: Id(0)] int Number,
    [property: Id(1)] EntitlementStatus Status,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] string? Error);

/// <summary>As the order's merchant and the buyer see it.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.entitlements.entitlement-view")]
public sealed record EntitlementView(
    [property: Id(0)] EntitlementId Id,
    [property: Id(1)] ProductId ProductId,
    [property: Id(2)] OrderId OrderId,
    [property: Id(3)] string Handler,
    [property: Id(4)] string Key,
    [property: Id(5)] int Quantity,
    [property: Id(6)] EntitlementStatus Status,
    [property: Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? GrantedAt);

/// <summary>Lists of entitlements; a stateless worker under any key.</summary>
[Alias("openbitum.entitlements.queries")]
public interface IEntitlementQueries : IGrainWithStringKey
{
    /// <summary>What this e-mail owns at all merchants, newest first.</summary>
    [Alias("OfCustomer")]
    Task<ReadModel.Page<EntitlementView>> OfCustomer(string email, ReadModel.PageRequest page);

    /// <summary>What this e-mail, or the hash of an erased one, owns at one merchant, newest first.</summary>
    [Alias("OfBuyer")]
    Task<ReadModel.Page<EntitlementView>> OfBuyer(MerchantId merchant, string email, ReadModel.PageRequest page);
}
