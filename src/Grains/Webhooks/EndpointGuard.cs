using System.Net;
using System.Net.Sockets;

namespace OpenBitum.Webhooks;

/// <summary>The host leads to an address that deliveries may not go to. The message names no address: tenants read it.</summary>
public sealed class EndpointRefusedException() : IOException("The host leads to an address that is not one of the public internet.");

/// <summary>
/// Opens connections for deliveries: resolves the name, checks every address it leads to, and connects to exactly one of those that
/// were checked. Nothing resolves the name again in between, so an answer that changes (DNS rebinding) gains nothing.
/// </summary>
/// <param name="policy">Which private hosts may be called all the same.</param>
/// <param name="resolve">The resolver of names.</param>
public sealed class EndpointGuard(EndpointPolicy policy, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public EndpointGuard(EndpointPolicy policy)
        : this(policy, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="EndpointRefusedException">One of the addresses is not public.</exception>
    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var addresses = await Checked(target.Host.Trim('[', ']'), cancellationToken).ConfigureAwait(false);

        // One after another, as the resolver sorted them; the connect timeout bounds them together.
        SocketException? failure = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                failure = exception;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>The addresses of a host, all of which deliveries may go to.</summary>
    /// <exception cref="EndpointRefusedException">One of them is not public: a name that mixes them is no honest endpoint.</exception>
    internal async Task<IPAddress[]> Checked(string host, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await resolve(host, cancellationToken).ConfigureAwait(false);
        return policy.AllowsPrivate(host) || addresses.All(PublicAddress.Is) ? addresses : throw new EndpointRefusedException();
    }
}
