using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using OpenBitum.Settings;

namespace OpenBitum.Chains;

/// <summary>Section `Chains`: which chains this instance follows, and how.</summary>
public sealed record ChainsOptions : ICheckedSettings
{
    /// <summary>Null when the section is absent: the chain is not followed.</summary>
    public ChainOptions? BTC { get; init; }

    public ChainOptions? LTC { get; init; }

    public SandboxOptions? SANDBOX { get; init; }

    public IEnumerable<SettingProblem> Check(string section) =>
        [.. CheckNode($"{section}:BTC", BTC), .. CheckNode($"{section}:LTC", LTC)];

    private static IEnumerable<SettingProblem> CheckNode(string section, ChainOptions? node)
    {
        if (node is null)
        {
            yield break;
        }

        if (node.RpcUrl is null)
        {
            yield return new SettingProblem($"{section}:RpcUrl", "is missing; write the node's address, such as http://127.0.0.1:8332.");
        }
        else if (node.RpcUrl.UserInfo.Length > 0)
        {
            yield return new SettingProblem($"{section}:RpcUrl", $"holds a user; write {section}:RpcUser and {section}:RpcPassword instead.");
        }

        if ((node.RpcUser is null) != (node.RpcPassword is null))
        {
            var missing = node.RpcUser is null ? "RpcUser" : "RpcPassword";
            yield return new SettingProblem($"{section}:{missing}", "is missing; write both RpcUser and RpcPassword, or RpcCookieFile alone.");
        }

        if (node.RpcUser is not null && node.RpcCookieFile is not null)
        {
            yield return new SettingProblem($"{section}:RpcCookieFile", "stands beside RpcUser; write only one of the two ways to sign in.");
        }
    }
}

/// <summary>Section `Chains:BTC` or `Chains:LTC`: a node that speaks a dialect of Bitcoin Core's JSON-RPC.</summary>
public sealed record ChainOptions
{
    [AllowedValues("mainnet", "testnet", "regtest")]
    public string Network { get; init; } = "mainnet";

    /// <summary>The node's JSON-RPC address, with the wallet's path left out; required.</summary>
    [Secret, Description("the node's address, such as http://127.0.0.1:8332")]
    public Uri? RpcUrl { get; init; }

    public string? RpcUser { get; init; }

    [Secret]
    public string? RpcPassword { get; init; }

    /// <summary>The node's `.cookie`, read again whenever the node refuses it: the node writes another at each of its starts.</summary>
    public string? RpcCookieFile { get; init; }

    /// <summary>Reserved: where the node announces blocks and transactions. Polling finds both within one interval.</summary>
    public string? Zmq { get; init; }

    /// <summary>How long one call of the node may take.</summary>
    [Range(1, 300)]
    public int RpcTimeoutSeconds { get; init; } = 30;

    /// <summary>How many calls travel in one HTTP request; the tip is asked for by three.</summary>
    [Range(3, 1_000)]
    public int RpcBatchSize { get; init; } = 200;

    /// <summary>Blocks that make a payment count, unless the merchant wants others; null: the chain's own default.</summary>
    [Range(1, FollowOptions.MostConfirmations)]
    public int? Confirmations { get; init; }

    [Range(100, 60_000)]
    public int PollIntervalMilliseconds { get; init; } = 1_000;

    [Range(5, 3_600)]
    public int DegradedAfterSeconds { get; init; } = 30;

    /// <summary>Looked at on mainnet only: elsewhere blocks come as they like.</summary>
    [Range(600, 604_800)]
    public int StaleTipSeconds { get; init; } = 7_200;
}

/// <summary>Section `Chains:SANDBOX`: the chain inside the service.</summary>
public sealed record SandboxOptions
{
    /// <summary>Null: on when the instance is local and no other chain is configured.</summary>
    public bool? Enabled { get; init; }

    [Range(1, FollowOptions.MostConfirmations)]
    public int Confirmations { get; init; } = 1;

    [Range(100, 60_000)]
    public int PollIntervalMilliseconds { get; init; } = 1_000;

    [Range(5, 3_600)]
    public int DegradedAfterSeconds { get; init; } = 30;
}

/// <summary>How one chain is followed, whatever it is made of.</summary>
/// <param name="PollIntervalMilliseconds">Between the starts of two looks.</param>
/// <param name="DegradedAfterSeconds">Without a complete look.</param>
/// <param name="StaleTipSeconds">How old the tip may be; null: any age.</param>
public sealed record FollowOptions(int PollIntervalMilliseconds, int DegradedAfterSeconds, int? StaleTipSeconds)
{
    /// <summary>Blocks below the tip whose headers and payments are kept: a reorg up to this deep is followed back.</summary>
    public const int JournalBlocks = 100;

    /// <summary>More could not be recounted from the journal.</summary>
    public const int MostConfirmations = JournalBlocks;

    /// <summary>Blocks that are read before their payments are written, told and passed by the cursor together.</summary>
    public const int SpanBlocks = 20;

    /// <summary>Listeners that are told at the same time.</summary>
    public const int MostHearing = 256;

    /// <summary>How long a look waits for a listener before it leaves it to the retries.</summary>
    public static readonly TimeSpan HearTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A payment that was replaced keeps its first sight this long in case it returns; nodes forget it after 336 hours.</summary>
    public static readonly TimeSpan ReplacedKept = TimeSpan.FromDays(15);
}
