using Orleans.Concurrency;

namespace OpenBitum.Chains;

/// <summary>Hears of payments to the scripts it asked to watch; what `Orders` implements so that `Chains` need not know it.</summary>
[Alias("openbitum.chains.payment-listener")]
public interface IPaymentListener : IGrainWithStringKey
{
    /// <summary>Stores the observation durably, then answers. Repeating it changes nothing.</summary>
    [Alias("Hear")]
    Task<Heard> Hear(PaymentsObserved observed);
}

/// <summary>Follows one chain; key: the chain's id, e.g. `BTC`. One in the cluster per chain.</summary>
[Alias("openbitum.chains.follower")]
public interface IChainFollowerGrain : IGrainWithStringKey
{
    /// <summary>Makes sure that the follower wakes by itself; called at every start.</summary>
    [AlwaysInterleave, Alias("Start")]
    Task Start();

    /// <summary>
    /// Matches this script from now on. Its row in `scripts` is written before; this is memory only and does no I/O.
    /// </summary>
    [AlwaysInterleave, Alias("Watch")]
    Task Watch(WatchScript script);

    [AlwaysInterleave, Alias("Status")]
    Task<ChainStatus> Status();

    /// <summary>
    /// Start of the last complete look by which this listener has heard of all its payments; null while it has not. What an expiry
    /// asks: after this moment's passing, a payment in time cannot be still on its way to the listener.
    /// </summary>
    [AlwaysInterleave, Alias("SeenThrough")]
    Task<DateTimeOffset?> SeenThrough(string listener);

    /// <summary>
    /// One complete look: blocks up to the tip, then the mempool, listeners told. Also what a push from the node calls; looks that
    /// are asked for while one runs share the next.
    /// </summary>
    [AlwaysInterleave, Alias("Look")]
    Task Look();

    /// <summary>
    /// Reads again from this height up, and looks: the way out of <c>rescan</c>, and how payments of a restored instance are found.
    /// What was met above the height before is told anew, as the node's chain has it now.
    /// </summary>
    /// <returns>The status after that look; degraded with the reason `rescan` when the node has no block below the height.</returns>
    [AlwaysInterleave, Alias("Rescan")]
    Task<ChainStatus> Rescan(long fromHeight);

    /// <summary>The node's own derivation of a descriptor's first addresses, to cross-check a key before it is stored.</summary>
    [AlwaysInterleave, Alias("DeriveAddresses")]
    Task<NodeDerivation> DeriveAddresses(string descriptor, int count);
}
