using Orleans.Concurrency;
using OpenBitum.Access;

namespace OpenBitum.Shop;

/// <summary>
/// One slug and whose it is; key: <see cref="KeyOf"/>. A claim that its shop has not confirmed within a minute lapses: it counts until
/// somebody else asks.
/// </summary>
[Alias("openbitum.shop.slug-owner")]
public interface ISlugGrain : IGrainWithStringKey
{
    static string KeyOf(Slug slug) => $"slug/{slug.Value}";

    /// <summary>False when it is another merchant's. Asked again by its owner: true.</summary>
    [Alias("Claim")]
    Task<bool> Claim(MerchantId merchant);

    /// <summary>The shop has written that the slug is its own. False when the claim has lapsed and gone to another.</summary>
    [Alias("Confirm")]
    Task<bool> Confirm(MerchantId merchant);

    /// <summary>Anybody may claim it now; nothing happens when it is not this merchant's.</summary>
    [Alias("Release")]
    Task Release(MerchantId merchant);

    /// <summary>Whose shop answers to it; null while nobody's is confirmed.</summary>
    [ReadOnly, Alias("Owner")]
    Task<MerchantId?> Owner();
}
