using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace OpenBitum.Webhooks;

/// <summary>
/// Which addresses belong to hosts of the public internet, by the special-purpose registries of IANA
/// (https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry).
/// </summary>
public static class PublicAddress
{
    private static readonly ImmutableArray<IPNetwork> RefusedIPv4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),       // this network
        IPNetwork.Parse("10.0.0.0/8"),      // private
        IPNetwork.Parse("100.64.0.0/10"),   // carrier-grade NAT
        IPNetwork.Parse("127.0.0.0/8"),     // loopback
        IPNetwork.Parse("169.254.0.0/16"),  // link-local, where clouds keep their metadata
        IPNetwork.Parse("172.16.0.0/12"),   // private
        IPNetwork.Parse("192.0.0.0/24"),    // protocol assignments
        IPNetwork.Parse("192.0.2.0/24"),    // documentation
        IPNetwork.Parse("192.31.196.0/24"), // AS112
        IPNetwork.Parse("192.52.193.0/24"), // AMT relays
        IPNetwork.Parse("192.88.99.0/24"),  // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"),  // private
        IPNetwork.Parse("192.175.48.0/24"), // AS112
        IPNetwork.Parse("198.18.0.0/15"),   // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"),  // documentation
        IPNetwork.Parse("224.0.0.0/4"),     // multicast
        IPNetwork.Parse("240.0.0.0/4"),     // reserved, broadcast
    ];

    // Everything else of IPv6 is refused: unspecified, loopback, mapped and translated IPv4 (::ffff:0:0/96, 64:ff9b::/96), unique
    // local, link-local, multicast and what is not assigned yet.
    private static readonly IPNetwork GlobalIPv6 = IPNetwork.Parse("2000::/3");

    private static readonly ImmutableArray<IPNetwork> RefusedIPv6 =
    [
        IPNetwork.Parse("2001::/23"),     // protocol assignments: Teredo, benchmarks, ORCHID
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"),     // 6to4 holds an IPv4 address
        IPNetwork.Parse("2620:4f:8000::/48"), // AS112
        IPNetwork.Parse("3fff::/20"),     // documentation
    ];

    public static bool Is(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !RefusedIPv4.Any(network => network.Contains(address)),
        // Mapped addresses are asked for by themselves: IPNetwork takes ::ffff:8.8.8.8 for a part of 2000::/3.
        AddressFamily.InterNetworkV6 =>
            !address.IsIPv4MappedToIPv6 && GlobalIPv6.Contains(address)
            && !RefusedIPv6.Any(network => network.Contains(address)) && !HoldsIPv4(address),
        _ => false,
    };

    // ISATAP puts an IPv4 address behind the interface identifier 0000:5efe or 0200:5efe of any prefix (RFC 5214).
    private static bool HoldsIPv4(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
    }
}
