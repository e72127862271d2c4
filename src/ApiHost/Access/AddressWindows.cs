using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenBitum.Access;

/// <summary>
/// The running windows of many client addresses, in bounded memory. While there is room each address has its own; a window that is
/// over gives its room back. Nothing else is ever evicted: in a flood of addresses those that were there keep their exact counts,
/// and newcomers are counted together with their network, IPv4 by /16 and IPv6 by /32.
/// </summary>
internal sealed class AddressWindows(int limit, int capacity)
{
    private const int SharedWindows = 4096;

    private static readonly UInt128 HostOfV6 = ulong.MaxValue;
    private static readonly UInt128 BehindNetworkOfV4 = ushort.MaxValue;
    private static readonly UInt128 BehindNetworkOfV6 = UInt128.MaxValue >> 32;

    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, RateWindow> windows = [];
    private readonly Queue<UInt128> begun = new();
    private readonly RateWindow[] shared = new RateWindow[SharedWindows];

    /// <summary>Addresses that have a window of their own at present.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return windows.Count;
            }
        }
    }

    /// <summary>Counts one call.</summary>
    public RateStanding Take(IPAddress address, DateTimeOffset now)
    {
        lock (gate)
        {
            var (key, network) = Read(address);
            ref var window = ref Find(key, network, now);
            if (Unsafe.IsNullRef(ref window))
            {
                windows.Add(key, new RateWindow(now, 0));
                begun.Enqueue(key);
                window = ref CollectionsMarshal.GetValueRefOrNullRef(windows, key);
            }

            (window, var standing) = window.Take(limit, now);
            return standing;
        }
    }

    /// <summary>How a further call would stand when it would be one too many; null when it would not. Counts nothing.</summary>
    public RateStanding? Spent(IPAddress address, DateTimeOffset now)
    {
        lock (gate)
        {
            var (key, network) = Read(address);
            ref var window = ref Find(key, network, now);
            return !Unsafe.IsNullRef(ref window) && window.Take(limit, now).Standing is { Exceeded: true } standing ? standing : null;
        }
    }

    /// <summary>The address's own window, or its network's when there is no room for one more; null when it is to be made.</summary>
    private ref RateWindow Find(UInt128 key, UInt128 network, DateTimeOffset now)
    {
        ForgetEnded(now);
        ref var own = ref CollectionsMarshal.GetValueRefOrNullRef(windows, key);
        if (!Unsafe.IsNullRef(ref own) || windows.Count < capacity)
        {
            return ref own;
        }

        // The platform seeds this hash anew in each process, so nobody can choose to share a window with somebody else.
        return ref shared[(uint)HashCode.Combine(network) % SharedWindows];
    }

    /// <summary>Windows end in the order they began, so this looks at no more than it forgets, and one.</summary>
    private void ForgetEnded(DateTimeOffset now)
    {
        while (begun.TryPeek(out var eldest) && windows[eldest].IsOver(now))
        {
            windows.Remove(begun.Dequeue());
        }
    }

    /// <summary>
    /// Who counts as one: an IPv4 address, or an IPv6 network of /64, out of which its owner takes addresses at will (RFC 6177).
    /// </summary>
    public static UInt128 ClientOf(IPAddress address) => Read(address).Key;

    private static (UInt128 Key, UInt128 Network) Read(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        var whole = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return address.AddressFamily is AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6
            ? (whole, whole & ~BehindNetworkOfV4)
            : (whole & ~HostOfV6, whole & ~BehindNetworkOfV6);
    }
}
