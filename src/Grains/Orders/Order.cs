using System.Collections.Immutable;
using OpenBitum.Checkout;
using OpenBitum.Customers;

namespace OpenBitum.Orders;

/// <summary>
/// The rules of an order: from what it is and what happens to it, what it becomes and who is told. Every decision can be made twice:
/// the second time it changes nothing.
/// </summary>
public static partial class Order
{
    /// <summary>
    /// Whether the buyer may pick this method. A closed order refuses first, also a method that was picked before: whoever asks wants to
    /// pay, and nobody shall pay here any more.
    /// </summary>
    public static SelectDecision Decide(OrderState order, SelectMethod command, DateTimeOffset now)
    {
        if (!PaymentMethods.Exists(command.Method))
        {
            return new SelectDecision(SelectMethodStatus.Invalid, null, [OpenOrderRules.UnknownMethod("method")]);
        }

        if (order.Status is not OrderStatus.Pending || now >= order.ExpiresAt || order.Payments.Any(payment => payment.IsLive))
        {
            return SelectDecision.Refused(SelectMethodStatus.OrderClosed);
        }

        return order.Methods.FirstOrDefault(method => method.Method == command.Method) is { } offered
            ? new SelectDecision(SelectMethodStatus.Selected, offered.Address is null ? offered : null, [])
            : SelectDecision.Refused(CauseOf(order, command.Method));
    }

    /// <summary>Why a method whose price is locked cannot be picked now; null when it can.</summary>
    /// <param name="facts">Null when the instance no longer follows the chain.</param>
    public static SelectMethodStatus? Refusal(MethodFacts? facts) =>
        facts?.Key is null ? SelectMethodStatus.NoPaymentMethod
        : !facts.IsReady ? SelectMethodStatus.ChainUnavailable
        : null;

    /// <summary>A method has an address from now on; the first one stays.</summary>
    public static OrderDecision Decide(OrderState order, GiveAddress command) =>
        order.Methods.Any(method => method.Method == command.Address.Method && method.Address is null)
            ? new OrderDecision(order with { Methods = WithAddress(order.Methods, command.Address) }, [], OrderEffect.Shown)
            : OrderDecision.Unchanged(order);

    /// <summary>Late money is about to pay: units will be asked for that were given back.</summary>
    public static OrderDecision Decide(OrderState order, TakeStockAgain command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return order.Stock is StockStanding.Returned
            ? new OrderDecision(order with { Stock = StockStanding.Retaking }, [], OrderEffect.Unseen)
            : OrderDecision.Unchanged(order);
    }

    /// <summary>The product has its units back.</summary>
    public static OrderDecision Decide(OrderState order, AcknowledgeReturn command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return order.Stock is StockStanding.Returning or StockStanding.Retaking
            ? new OrderDecision(order with { Stock = StockStanding.Returned }, [], OrderEffect.Unseen)
            : OrderDecision.Unchanged(order);
    }

    /// <summary>The merchant lets go of the buyer: a hash stands in place of the e-mail from now on. Nobody is told.</summary>
    public static OrderDecision Decide(OrderState order, EraseBuyer command, DateTimeOffset now) =>
        order.Customer == command.Customer && order.ErasedAt is null
            ? OrderEvents.Tell(order with { Asked = order.Asked with { Email = command.Hash }, ErasedAt = now }, [], now)
            : OrderDecision.Unchanged(order);

    /// <summary>Money may still come in time, or is awaited.</summary>
    public static bool IsOpen(OrderState order) => order.Status is OrderStatus.Pending or OrderStatus.Processing;

    /// <summary>Something was decided and has yet to be done.</summary>
    public static bool HasWork(OrderState order) =>
        order.Stock is StockStanding.Returning or StockStanding.Retaking || ToApply(order).Any() || ToSuspend(order).Any();

    private static ImmutableArray<OrderMethod> WithAddress(ImmutableArray<OrderMethod> methods, MethodAddress given) =>
        [.. methods.Select(method => method.Method == given.Method ? method with { Address = given.Address } : method)];

    private static SelectMethodStatus CauseOf(OrderState order, string method) =>
        order.RefusedMethods.FirstOrDefault(refused => refused.Method == method)?.Cause switch
        {
            MethodRefusal.ChainUnavailable => SelectMethodStatus.ChainUnavailable,
            MethodRefusal.RateUnavailable => SelectMethodStatus.RateUnavailable,
            _ => SelectMethodStatus.NoPaymentMethod,
        };
}
