using System.Diagnostics.CodeAnalysis;
using System.Net;
using OpenBitum.Access;
using OpenBitum.Settings;

namespace OpenBitum.Orders;

/// <summary>
/// The streams that this host has open. Each holds a connection and a call that waits, so there is a bound; and one for each client
/// address, so that nobody takes the places of all others: a stream stays for minutes, and may be asked for many times a minute.
/// </summary>
internal sealed class OrderStreams(OrdersOptions options, Instance instance, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, int> byClient = [];
    private int open;

    /// <summary>False when as many are open as may be.</summary>
    /// <param name="order">What is followed.</param>
    /// <param name="view">What is shown first.</param>
    /// <param name="address">The client's; null counts as one.</param>
    /// <param name="stream">Gives its place back when it has been executed.</param>
    public bool TryOpen(IOrderGrain order, BuyerOrderView view, IPAddress? address, [NotNullWhen(true)] out OrderStream? stream)
    {
        var client = AddressWindows.ClientOf(address ?? IPAddress.None);
        var isBounded = !instance.IsLocal || !IPAddress.IsLoopback(address ?? IPAddress.None);
        lock (gate)
        {
            var others = byClient.GetValueOrDefault(client);
            if (open >= options.StreamsPerHost || (isBounded && others >= options.StreamsPerAddress))
            {
                stream = null;
                return false;
            }

            byClient[client] = others + 1;
            open++;
        }

        stream = new OrderStream(order, view, () => Close(client), clock, lifetime.ApplicationStopping);
        return true;
    }

    private void Close(UInt128 client)
    {
        lock (gate)
        {
            open--;
            if (--byClient[client] == 0)
            {
                byClient.Remove(client);
            }
        }
    }
}
