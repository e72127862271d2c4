using System.Collections.Immutable;

namespace OpenBitum.Webhooks;

/// <summary>When a delivery that failed is tried again.</summary>
/// <param name="DelaysSeconds">From each attempt to the next; one attempt more than delays.</param>
/// <param name="JitterPct">How far a delay may stray to either side.</param>
public sealed record RetrySchedule(ImmutableArray<int> DelaysSeconds, int JitterPct)
{
    /// <summary>Rolls lie in 0 to this, both included.</summary>
    public const int HighestRoll = 1_000;

    /// <summary>No endpoint may put off a delivery for longer at a time.</summary>
    private static readonly TimeSpan LongestStretch = TimeSpan.FromHours(24);

    public int Attempts => DelaysSeconds.Length + 1;

    public static RetrySchedule Of(WebhooksOptions options)
    {
        var delays = options.RetryDelaysSeconds;
        return new RetrySchedule(delays is [0, ..] ? delays[1..] : delays, options.JitterPct);
    }

    /// <summary>How long to wait after so many attempts; null when they were all.</summary>
    /// <param name="attempts">Attempts made, from 1.</param>
    /// <param name="retryAfter">What the endpoint asked for: it stretches a step and never shortens one.</param>
    /// <param name="roll">Chance, evenly from 0 to <see cref="HighestRoll"/>.</param>
    public TimeSpan? DelayAfter(int attempts, TimeSpan? retryAfter, int roll)
    {
        if (attempts >= Attempts)
        {
            return null;
        }

        // ±JitterPct in thousandths, evenly: roll 0 is the shortest, the highest roll the longest.
        var milliseconds = DelaysSeconds[attempts - 1] * 1_000L;
        var stray = milliseconds * JitterPct * ((2L * roll) - HighestRoll) / (100L * HighestRoll);
        var delay = TimeSpan.FromMilliseconds(milliseconds + stray);
        var asked = retryAfter > LongestStretch ? LongestStretch : retryAfter;
        return asked > delay ? asked : delay;
    }
}
