using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace OpenBitum.Access;

/// <summary>Section `RateLimits`: calls in a minute; 0 = no limit.</summary>
public sealed record RateLimitsOptions
{
    private const int Most = 1_000_000;
    private const string Wanted = "a number of calls from 1 to 1000000, or 0 for no limit";

    /// <summary>
    /// Public routes, by client address; each API host counts for itself. As many tokens and keys may be wrong, on any route.
    /// </summary>
    [Range(0, Most), Description(Wanted)]
    public int PublicPerMinutePerAddress { get; init; } = 600;

    /// <summary>A subscription key, over all hosts together.</summary>
    [Range(0, Most), Description(Wanted)]
    public int KeyPerMinute { get; init; } = 600;

    /// <summary>`/api/checkout/initiate`, by client address: each call makes an order.</summary>
    [Range(0, Most), Description(Wanted)]
    public int CheckoutPerMinutePerAddress { get; init; } = 60;
}
