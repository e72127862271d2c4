using Orleans.Concurrency;
using OpenBitum.Access;
using OpenBitum.Outbox;

namespace OpenBitum.Shop;

/// <summary>One merchant's shop; key: <see cref="KeyOf"/>.</summary>
[Alias("openbitum.shop.shop")]
public interface IShopGrain : IGrainWithStringKey, IPublishes
{
    static string KeyOf(MerchantId merchant) => $"shop/{merchant.Value}";

    /// <summary>Null while the merchant has none.</summary>
    [ReadOnly, Alias("View")]
    Task<ShopView?> View();

    /// <summary>What a new order locks: points for each US dollar of its total; 0 without a shop.</summary>
    [ReadOnly, Alias("XpPerDollar")]
    Task<decimal> XpPerDollar();

    /// <summary>Makes the shop, or changes it.</summary>
    [Alias("Update")]
    Task<ShopResult> Update(UpdateShop command);
}
