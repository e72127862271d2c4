using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace OpenBitum.Chains;

/// <summary>Pays a script on the sandbox chain.</summary>
/// <param name="Confirmations">Blocks mined at once on top; 0 leaves it in the mempool.</param>
[GenerateSerializer, Immutable, Alias("openbitum.chains.sandbox-pay")]
public sealed record SandboxPay(
    [property: Id(0)] string Script,
    [property: Id(1)] Int128 Atoms,
    [property: Id(2)] int Confirmations);

[GenerateSerializer, Immutable, Alias("openbitum.chains.sandbox-paid")]
public sealed record SandboxPaid(
    [property: Id(0)] string TxId,
    [property: Id(1)] string PaymentId,
    [property: Id(2)] long Height);

/// <summary>What became of a replacement.</summary>
/// <param name="Paid">The transaction that took the other's place; null unless the status is Done.</param>
[GenerateSerializer, Immutable, Alias("openbitum.chains.sandbox-replaced")]
public sealed record SandboxReplaced([property: Id(0)] SandboxStatus Status, [property: Id(1)] SandboxPaid? Paid);

public enum SandboxStatus { Done, UnknownTransaction, AlreadyConfirmed, OutOfRange }

/// <summary>The sandbox chain itself: a durable UTXO chain inside the service, where blocks come only by call. One, under <see cref="Key"/>.</summary>
[Alias("openbitum.chains.sandbox")]
public interface ISandboxChainGrain : IGrainWithStringKey
{
    const string Key = "SANDBOX";

    [Alias("Pay")]
    Task<SandboxPaid> Pay(SandboxPay command);

    /// <summary>Mines blocks with what is in the mempool; answers the height.</summary>
    [Alias("Mine")]
    Task<long> Mine(int blocks);

    /// <summary>
    /// Replaces the last <paramref name="depth"/> blocks by as many and one more; their transactions return to the chain if <paramref name="keep"/>, else they vanish.
    /// </summary>
    [Alias("Reorg")]
    Task<SandboxStatus> Reorg(int depth, bool keep);

    /// <summary>Replaces an unconfirmed transaction by one that pays this amount instead.</summary>
    [Alias("Replace")]
    Task<SandboxReplaced> Replace(string txId, Int128 atoms);

    /// <summary>Drops an unconfirmed transaction from the mempool.</summary>
    [Alias("Drop")]
    Task<SandboxStatus> Drop(string txId);
}
