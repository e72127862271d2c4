using System.Collections.Immutable;

namespace OpenBitum.Access;

/// <summary>What a subscription key may read; the names are part of the HTTP contract.</summary>
public static class KeyScope
{
    public const string ShopRead = "shop:read";
    public const string ProductsRead = "products:read";
    public const string OrdersRead = "orders:read";
    public const string CustomersRead = "customers:read";
    public const string AnalyticsRead = "analytics:read";

    public static ImmutableArray<string> All { get; } = [ShopRead, ProductsRead, OrdersRead, CustomersRead, AnalyticsRead];
}
