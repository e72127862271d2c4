using System.Collections.Frozen;
using System.Net;
using OpenBitum.Settings;
using OpenBitum.Time;

namespace OpenBitum.Access;

/// <summary>The limits by client address. Each host counts for itself: behind a balancer an address may have as many times its limit.</summary>
internal sealed class AddressLimits(RateLimitsOptions options, Instance instance, TimeProvider clock)
{
    /// <summary>At about 80 bytes each.</summary>
    private const int MostAddresses = 65_536;

    // 0 = no limit, so there is nothing to count.
    private readonly FrozenDictionary<AddressLimit, AddressWindows> windows =
        new Dictionary<AddressLimit, int>
        {
            [AddressLimit.Public] = options.PublicPerMinutePerAddress,
            [AddressLimit.Checkout] = options.CheckoutPerMinutePerAddress,
            [AddressLimit.RefusedCredentials] = options.PublicPerMinutePerAddress,
        }.Where(limit => limit.Value > 0).ToFrozenDictionary(limit => limit.Key, limit => new AddressWindows(limit.Value, MostAddresses));

    /// <summary>Counts a call of this client; null when it has no limit.</summary>
    public RateStanding? Take(AddressLimit limit, HttpContext client) =>
        Find(limit, client, out var address)?.Take(address, clock.Now());

    /// <summary>How the client stands when its calls are used up; null when they are not. Counts nothing.</summary>
    public RateStanding? Spent(AddressLimit limit, HttpContext client) =>
        Find(limit, client, out var address)?.Spent(address, clock.Now());

    private AddressWindows? Find(AddressLimit limit, HttpContext client, out IPAddress address)
    {
        // A connection without an address, such as a Unix socket's, comes from this machine's proxy: all of them count as one.
        address = client.Connection.RemoteIpAddress ?? IPAddress.None;

        // Whoever tries the service on their own machine is not to run into a limit within a minute.
        return instance.IsLocal && IPAddress.IsLoopback(address) ? null : windows.GetValueOrDefault(limit);
    }
}
