using System.Collections.Immutable;
using OpenBitum.Catalog;
using OpenBitum.Entitlements;
using OpenBitum.Ids;
using OpenBitum.Outbox;

namespace OpenBitum.Orders;

public static partial class Order
{
    /// <summary>An entitlement tells how it went.</summary>
    public static OrderDecision Decide(OrderState order, EntitlementOutcome outcome, DateTimeOffset now)
    {
        var known = order.Entitlements.FirstOrDefault(entitlement => entitlement.Number == outcome.Number);
        // One that failed may be tried again by hand; one that was applied stays so.
        if (known is null || known.GrantedAt is not null || (known.Status is EntitlementStatus.Failed && outcome.Status is EntitlementStatus.Failed))
        {
            return OrderDecision.Unchanged(order);
        }

        return outcome.Status switch
        {
            EntitlementStatus.Active => Report(order, known, known with
            {
                Status = order.Reversed ? EntitlementStatus.Suspended : EntitlementStatus.Active,
                GrantedAt = outcome.At,
                Error = null,
            }, EventType.EntitlementApplied, now),
            EntitlementStatus.Failed => Report(order, known, known with
            {
                Status = EntitlementStatus.Failed,
                Error = outcome.Error,
            }, EventType.EntitlementFailed, now),
            _ => OrderDecision.Unchanged(order),
        };
    }

    /// <summary>An entitlement's grain has stored that it is suspended, or no longer is.</summary>
    public static OrderDecision Decide(OrderState order, AcknowledgeSuspension command)
    {
        var known = order.Entitlements.FirstOrDefault(entitlement => entitlement.Number == command.Number);
        return known is null || known.Suspended == command.Suspended
            ? OrderDecision.Unchanged(order)
            : new OrderDecision(With(order, known, known with { Suspended = command.Suspended }), [], OrderEffect.Unseen);
    }

    /// <summary>What the entitlements' grains have yet to be asked; nothing is granted while the money is gone.</summary>
    public static IEnumerable<OrderEntitlement> ToApply(OrderState order) =>
        order.Entitlements.Where(entitlement => entitlement.Status is EntitlementStatus.Pending && !order.Reversed);

    /// <summary>What was granted and has yet to be told whether its money is there.</summary>
    public static IEnumerable<OrderEntitlement> ToSuspend(OrderState order) =>
        order.Entitlements.Where(entitlement => entitlement.GrantedAt is not null && entitlement.Suspended != order.Reversed);

    private static OrderEntitlement Grant(OrderState order, ProductEntitlement entitlement, int number, DateTimeOffset now) => new(
        new EntitlementId(EntitlementId.Prefix + Ulid.Derive($"{order.Id.Value}/{number}", now)), number, entitlement,
        order.Line.Quantity, EntitlementStatus.Pending, null, null, Suspended: false);

    private static OrderState WithSuspension(OrderState order) => order with
    {
        Entitlements = [.. order.Entitlements.Select(entitlement => entitlement.GrantedAt is null ? entitlement : entitlement with
        {
            Status = order.Reversed ? EntitlementStatus.Suspended : EntitlementStatus.Active,
        })],
    };

    private static OrderDecision Report(
        OrderState order, OrderEntitlement before, OrderEntitlement after, string type, DateTimeOffset now) =>
        OrderEvents.Tell(With(order, before, after), [new OrderNews(type, Entitlement: after)], now);

    private static OrderState With(OrderState order, OrderEntitlement before, OrderEntitlement after) =>
        order with { Entitlements = order.Entitlements.Replace(before, after) };
}
