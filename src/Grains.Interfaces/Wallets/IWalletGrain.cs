using Orleans.Concurrency;
using OpenBitum.Access;
using OpenBitum.Orders;

namespace OpenBitum.Wallets;

/// <summary>One merchant's wallet on one chain; key: <see cref="KeyOf"/>.</summary>
[Alias("openbitum.wallets.wallet")]
public interface IWalletGrain : IGrainWithStringKey
{
    static string KeyOf(MerchantId merchant, string chain) => $"{merchant.Value}/{chain}";

    /// <summary>Stores the key, replacing a former one whose addresses stay watched.</summary>
    [Alias("Set")]
    Task<SetWalletResult> Set(SetWallet command);

    /// <summary>Null when the merchant has no wallet on this chain; the built-in one of SANDBOX is not shown.</summary>
    [AlwaysInterleave, Alias("View")]
    Task<WalletView?> View();

    /// <summary>The key in force; null when there is none. SANDBOX has a built-in one.</summary>
    [AlwaysInterleave, Alias("Current")]
    Task<CurrentKey?> Current();
}

/// <summary>One public key whose children are addresses; key: the WalletKey's id.</summary>
[Alias("openbitum.wallets.key")]
public interface IKeyGrain : IGrainWithStringKey
{
    /// <summary>
    /// The next address. Durable before it is answered; waiting requests share one write of the mark. A repeated request for the
    /// same order burns an index, it never repeats one.
    /// </summary>
    [AlwaysInterleave, Alias("Allocate")]
    Task<AllocatedAddress> Allocate(OrderId order);

    /// <summary>How many addresses were handed out.</summary>
    [AlwaysInterleave, Alias("NextIndex")]
    Task<long> NextIndex();

    /// <summary>
    /// Keeps the key itself; idempotent. <paramref name="normalizedKey"/> is the WalletKey's descriptor. The built-in key of SANDBOX
    /// needs no registration.
    /// </summary>
    [AlwaysInterleave, Alias("Register")]
    Task Register(string normalizedKey);
}
