using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpenBitum.Access;
using OpenBitum.Orders;
using OpenBitum.Problems;

namespace OpenBitum.Wallets;

/// <summary>A merchant's public key for one chain, as it was typed. Never a private key: one is refused and not repeated.</summary>
/// <param name="Xpub">An extended public key of SLIP-132, or an output descriptor.</param>
/// <param name="ScriptType">`p2pkh`, `p2sh-p2wpkh`, `p2wpkh` or `p2tr`, overriding the key's own; null: as the key says.</param>
[GenerateSerializer, Immutable, Alias("openbitum.wallets.set-wallet")]
public sealed record SetWallet(
    [property: Id(0)] MerchantId Merchant,
    [property: Id(1)] string Chain,
    [property: Id(2)] string Xpub,
    [property: Id(3)] string? ScriptType,
    [property: Id(4)] string? Label);

public enum SetWalletStatus { Done, Invalid }

[GenerateSerializer, Immutable, Alias("openbitum.wallets.set-wallet-result")]
public sealed record SetWalletResult(
    [property: Id(0)] SetWalletStatus Status,
    [property: Id(1)] WalletView? Wallet,
    [property: Id(2)] ImmutableArray<FieldProblem> Problems);

/// <summary>The merchant's view of one wallet.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.wallets.wallet-view")]
public sealed record WalletView(
    [property: Id(0)] string Chain,
    [property: Id(1)] string Network,
    [property: Id(2)] string Xpub,
    [property: Id(3)] string ScriptType,
    [property: Id(4)] string Fingerprint,
    [property: Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Label,
    [property: Id(6)] long NextIndex,
    [property: Id(7)] long UnpaidInARow,
    [property: Id(8)] ImmutableArray<string> FirstAddresses,
    [property: Id(9)] ImmutableArray<WalletWarning> Warnings,
    [property: Id(10)] DateTimeOffset CreatedAt);

/// <param name="Code">`node_unreachable`, `descriptor_unknown_to_node`, `gap_limit`.</param>
[GenerateSerializer, Immutable, Alias("openbitum.wallets.wallet-warning")]
public sealed record WalletWarning([property: Id(0)] string Code, [property: Id(1)] string Message);

/// <summary>What a checkout needs of a wallet: which key grain hands out the addresses.</summary>
/// <param name="KeyId">Key of the <see cref="IKeyGrain"/>: one counter per key, whatever its spelling or merchant.</param>
/// <param name="ScriptType">For the dust limit of its outputs.</param>
[GenerateSerializer, Immutable, Alias("openbitum.wallets.current-key")]
public sealed record CurrentKey([property: Id(0)] string KeyId, [property: Id(1)] string ScriptType);

/// <summary>A fresh address, never handed out before by this instance.</summary>
/// <param name="Script">The scriptPubKey in lower-case hex.</param>
[GenerateSerializer, Immutable, Alias("openbitum.wallets.allocated-address")]
public sealed record AllocatedAddress(
    [property: Id(0)] string KeyId,
    [property: Id(1)] long Index,
    [property: Id(2)] string Address,
    [property: Id(3)] string Script);
