using OpenBitum.OpenApi;
using OpenBitum.Orders;

namespace OpenBitum.Entitlements;

internal static class EntitlementDescriptions
{
    public static Operation List() => new("listOwnEntitlements", Tag.Buyer, "Lists what the signed-in buyer owns")
    {
        About = "At all merchants of the instance, by the token's verified e-mail; newest first.",
        Example = OrderDescriptions.Entitlement,
    };
}
