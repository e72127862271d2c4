using OpenBitum.Time;

namespace OpenBitum.Orders;

/// <summary>
/// Keeps the ids only. What became of the orders is asked when it matters, at the bound: so no order has to remember who opened it, and
/// none that was paid or has ended is counted because a message was lost, and one that never came to be only until its draft would end.
/// </summary>
public sealed class OpenOrdersGrain(OrdersOptions options, TimeProvider clock) : Grain, IOpenOrdersGrain
{
    private readonly Dictionary<OrderId, DateTimeOffset> admitted = [];

    public async Task<TimeSpan?> Admit(OrderId order)
    {
        if (admitted.ContainsKey(order))
        {
            return null;
        }

        // Whoever repeats the request for an order that stands, after this count was lost with its process, asks for nothing new. A
        // refusal would free the Idempotency-Key, and the next repetition would open a second order.
        if (admitted.Count >= options.OpenPerAddress && await FirstEnd() is { } end && await Order(order).BuyerView() is null)
        {
            return end - clock.Now();
        }

        admitted.Add(order, clock.Now());

        // As long as the usual order waits: a bound that goes to sleep counts from nothing.
        DelayDeactivation(TimeSpan.FromSeconds(options.TtlSeconds));
        return null;
    }

    public Task Withdraw(OrderId order)
    {
        admitted.Remove(order);
        if (admitted.Count == 0)
        {
            // A checkout that fails costs its caller nothing, so it leaves nothing in memory.
            DeactivateOnIdle();
        }

        return Task.CompletedTask;
    }

    /// <summary>Forgets the orders that are open no more. Null when there is room then; otherwise when the next one ends.</summary>
    private async Task<DateTimeOffset?> FirstEnd()
    {
        var now = clock.Now();
        var ends = await Task.WhenAll(admitted.Select(async pair =>
            (Order: pair.Key, End: OpenOrders.EndOf(await Order(pair.Key).BuyerView(), pair.Value.AddSeconds(options.TtlSeconds)))));
        foreach (var (order, _) in ends.Where(order => order.End is not { } end || end <= now))
        {
            admitted.Remove(order);
        }

        return admitted.Count < options.OpenPerAddress ? null : ends.Min(order => order.End > now ? order.End : null);
    }

    private IOrderGrain Order(OrderId order) => GrainFactory.GetGrain<IOrderGrain>(order.Value);
}
