using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using OpenBitum.Settings;

namespace OpenBitum.Webhooks;

/// <summary>Section `Webhooks`.</summary>
public sealed record WebhooksOptions : ICheckedSettings
{
    private const int MostAttempts = 50;

    /// <summary>
    /// Seconds from one attempt to the next, about 71 h in all. A 0 in front is the first attempt itself and may be left out.
    /// </summary>
    [Range(0, 86_400), Description("whole numbers of seconds from 0 to 86400, at most 50 of them")]
    public ImmutableArray<int> RetryDelaysSeconds { get; init; } =
        [0, 5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400];

    /// <summary>How far a delay may stray to either side, so that what failed together does not return together.</summary>
    [Range(0, 50)]
    public int JitterPct { get; init; } = 20;

    /// <summary>
    /// Host names and addresses that deliveries may go to although they are private, http included. Not set: the loopback
    /// addresses when the instance is local, otherwise none.
    /// </summary>
    public ImmutableArray<string> AllowedPrivateHosts { get; init; }

    /// <summary>Deliveries on their way to one endpoint at the same moment; fewer while it does not answer.</summary>
    [Range(1, 256)]
    public int ConcurrentPerEndpoint { get; init; } = 64;

    public IEnumerable<SettingProblem> Check(string section)
    {
        if (RetryDelaysSeconds.Length is 0 or > MostAttempts)
        {
            yield return new SettingProblem($"{section}:{nameof(RetryDelaysSeconds)}", $"holds 1-{MostAttempts} delays.");
        }

        if (!AllowedPrivateHosts.IsDefault && AllowedPrivateHosts.Any(host => Uri.CheckHostName(host) is UriHostNameType.Unknown))
        {
            yield return new SettingProblem($"{section}:{nameof(AllowedPrivateHosts)}",
                "holds host names or IP addresses, without scheme or port, e.g. 127.0.0.1.");
        }
    }
}
