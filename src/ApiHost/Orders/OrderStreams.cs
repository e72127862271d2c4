using System.Diagnostics.CodeAnalysis;

namespace OpenBitum.Orders;

/// <summary>The streams that this host has open. Each holds a connection and a call that waits, so there is a bound.</summary>
internal sealed class OrderStreams(OrdersOptions options, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private int open;

    /// <summary>False when as many are open as may be.</summary>
    /// <param name="view">What is shown first.</param>
    /// <param name="stream">Gives its place back when it has been executed.</param>
    public bool TryOpen(IOrderGrain order, BuyerOrderView view, [NotNullWhen(true)] out OrderStream? stream)
    {
        stream = null;
        if (Interlocked.Increment(ref open) > options.StreamsPerHost)
        {
            Close();
            return false;
        }

        stream = new OrderStream(order, view, this, clock, lifetime.ApplicationStopping);
        return true;
    }

    public void Close() => Interlocked.Decrement(ref open);
}
