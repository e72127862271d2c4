using System.Net;
using System.Net.Sockets;

namespace OpenBitum.Tests.Hosting;

/// <summary>
/// Ports of loopback for servers that must know theirs before they start, and keep it while they are down. They lie below those that
/// systems give to whoever asks for any, and to outgoing connections: one of these could be taken by anybody as soon as it is let go.
/// They also lie below those that test clusters of Orleans take, of which the upper half are ports of outgoing connections.
/// </summary>
public static class FreePort
{
    private const int First = 12_000;
    private const int Count = 10_000;

    // Runs side by side begin at different places.
    private static int taken = Environment.ProcessId * 67;

    /// <summary>One that nobody listens on, and that this process has not been given before.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + ((Interlocked.Increment(ref taken) & int.MaxValue) % Count);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Somebody else's.
            }
        }
    }
}
