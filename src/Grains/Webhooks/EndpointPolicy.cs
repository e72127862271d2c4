using System.Collections.Immutable;
using System.Net;
using OpenBitum.Settings;

namespace OpenBitum.Webhooks;

/// <summary>Which hosts deliveries may go to beyond the public internet, and whether without TLS.</summary>
/// <param name="IsLocal">Somebody tries the service on their own machine: http may be used.</param>
/// <param name="PrivateHosts">Names and addresses as they stand in a URL; default: the loopback ones when local.</param>
public sealed record EndpointPolicy(bool IsLocal, ImmutableArray<string> PrivateHosts)
{
    private const string LocalName = "localhost";

    public static EndpointPolicy Of(WebhooksOptions options, Instance instance) => new(instance.IsLocal, options.AllowedPrivateHosts);

    /// <summary>
    /// True when this host may be called although its address is private. The host is compared as it stands in the URL: a name
    /// that somebody else lets point to an allowed address is not allowed by that.
    /// </summary>
    /// <param name="host">A name, or an address without brackets.</param>
    public bool AllowsPrivate(string host)
    {
        if (PrivateHosts.IsDefault)
        {
            return IsLocal && (IPAddress.TryParse(host, out var address)
                ? IPAddress.IsLoopback(address)
                : host.Equals(LocalName, StringComparison.OrdinalIgnoreCase));
        }

        return PrivateHosts.Any(allowed =>
            allowed.Equals(host, StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(allowed, out var left) && IPAddress.TryParse(host, out var right) && left.Equals(right)));
    }

    public bool AllowsHttp(string host) => IsLocal || AllowsPrivate(host);
}
