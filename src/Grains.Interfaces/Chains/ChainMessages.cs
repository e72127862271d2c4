using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace OpenBitum.Chains;

/// <summary>A script somebody wants to hear of.</summary>
/// <param name="Script">The scriptPubKey in lower-case hex.</param>
/// <param name="Listener">Key of the <see cref="IPaymentListener"/>.</param>
/// <param name="Since">Nothing before this moment can pay it.</param>
[GenerateSerializer, Immutable, Alias("openbitum.chains.watch-script")]
public sealed record WatchScript(
    [property: Id(0)] string Script,
    [property: Id(1)] string Listener,
    [property: Id(2)] DateTimeOffset Since);

public enum ObservedState { Seen, Confirmed, Replaced, Orphaned }

/// <summary>One output that pays a watched script.</summary>
/// <param name="Id">Its outpoint, `txid:index`.</param>
/// <param name="Atoms">In the smallest unit of <paramref name="Asset"/>.</param>
/// <param name="FirstSeenAt">Our clock at the look that met it; the block's time if it was first met in a block and that is earlier.</param>
/// <param name="Confirmations">1 in the tip's block; 0 while unconfirmed. Recounted at every look, never added up.</param>
[GenerateSerializer, Immutable, Alias("openbitum.chains.observed-payment")]
public sealed record ObservedPayment(
    [property: Id(0)] string Id,
    [property: Id(1)] string Script,
    [property: Id(2)] string Asset,
    [property: Id(3)] Int128 Atoms,
    [property: Id(4)] DateTimeOffset FirstSeenAt,
    [property: Id(5)] ObservedState State,
    [property: Id(6)] int Confirmations,
    [property: Id(7)] long? BlockHeight,
    [property: Id(8)] DateTimeOffset? BlockTime);

/// <summary>
/// Everything known on one chain of one listener's payments that is not settled for good: a snapshot, so hearing it twice changes nothing.
/// </summary>
/// <param name="Look">Grows with every telling, across restarts: a snapshot with a smaller number than the last one heard is ignored.</param>
/// <param name="SeenThrough">The follower's clock at the start of the last complete look; that is this look when it is told at its end.</param>
[GenerateSerializer, Immutable, Alias("openbitum.chains.payments-observed")]
public sealed record PaymentsObserved(
    [property: Id(0)] string Chain,
    [property: Id(1)] long Look,
    [property: Id(2)] DateTimeOffset SeenThrough,
    [property: Id(3)] ImmutableArray<ObservedPayment> Payments);

/// <summary>The listener has stored what it heard.</summary>
/// <param name="ConfirmationsWanted">Deeper than this the listener need not be told, unless the payment vanishes.</param>
[GenerateSerializer, Immutable, Alias("openbitum.chains.heard")]
public sealed record Heard([property: Id(0)] int ConfirmationsWanted);

/// <summary>Health of one chain, as /healthz/ready shows it.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.chains.chain-status")]
public sealed record ChainStatus(
    [property: Id(0)] ChainHealth Status,
    [property: Id(1)] long Height,
    [property: Id(2)] long Tip,
    [property: Id(3)] DateTimeOffset? SeenThrough,
    [property: Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);

public enum ChainHealth { Ready, Degraded }

/// <summary>What a node says of a descriptor's first addresses.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.chains.node-derivation")]
public sealed record NodeDerivation(
    [property: Id(0)] NodeDerivationStatus Status,
    [property: Id(1)] ImmutableArray<string> Addresses);

/// <summary>NotSupported: this node does not know the descriptor or the call. NoNode: the chain needs none (SANDBOX).</summary>
public enum NodeDerivationStatus { Derived, NotSupported, Unreachable, NoNode }
