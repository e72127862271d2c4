namespace OpenBitum.Chains;

/// <summary>The chain cannot be read now; the next look tries again.</summary>
/// <param name="reason">What /healthz/ready says; one of <see cref="ChainFault"/>.</param>
/// <param name="message">For the log. Never holds credentials.</param>
public sealed class ChainUnavailableException(string reason, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public string Reason { get; } = reason;
}

/// <summary>Why a chain is degraded, in words that /healthz/ready shows.</summary>
public static class ChainFault
{
    /// <summary>No connection, or no answer in time.</summary>
    public const string NodeUnreachable = "node_unreachable";

    /// <summary>The node refuses the user, the password or the cookie.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>The node warms up, loads its mempool or is still far from its peers' tip.</summary>
    public const string NodeStarting = "node_starting";

    /// <summary>Something answers, but not as a node does.</summary>
    public const string BadAnswer = "bad_answer";

    /// <summary>The node knows of a block and does not have it, e.g. because it pruned it.</summary>
    public const string BlockMissing = "block_missing";

    /// <summary>The node follows another chain than the one configured, or than the one followed so far.</summary>
    public const string WrongGenesis = "wrong_genesis";

    /// <summary>The node forgot blocks that it had shown.</summary>
    public const string TipWentBack = "tip_went_back";

    /// <summary>A reorg below the journal: an operator has to say from which height to read again.</summary>
    public const string Rescan = "rescan";

    /// <summary>On mainnet: no block for too long, so the node is probably cut off.</summary>
    public const string StaleTip = "stale_tip";

    /// <summary>Blocks come faster than they are read.</summary>
    public const string CatchingUp = "catching_up";

    /// <summary>Our own store cannot be written or read.</summary>
    public const string StoreUnavailable = "store_unavailable";

    /// <summary>Faults that time does not heal: the chain is degraded at once rather than after a while without a complete look.</summary>
    public static bool IsCertain(string reason) => reason is BlockMissing or WrongGenesis or TipWentBack or Rescan or StaleTip;
}
