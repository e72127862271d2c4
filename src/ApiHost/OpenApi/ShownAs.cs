using System.Text.Json.Nodes;
using OpenBitum.Orders;

namespace OpenBitum.OpenApi;

/// <summary>What the wire shows of a type beyond, or less than, its own contract.</summary>
internal sealed record ShownAs(string Name, Func<ComponentSchemas, JsonObject, JsonObject> Write)
{
    private static readonly Dictionary<Type, ShownAs> Exceptions = new()
    {
        // The host adds serverTime at the end of each answer, because it is no part of the version.
        [typeof(BuyerOrderView)] = new("Order", (components, order) =>
        {
            order["properties"]!["serverTime"] = components.Of(typeof(DateTimeOffset));
            order["required"]!.AsArray().Add("serverTime");
            return order;
        }),
        // A draft is never shown outside.
        [typeof(OrderStatus)] = new("OrderStatus", (components, _) => Schema.OneOf(OrderStatus.Draft).Write(components)),
    };

    public static ShownAs? Find(Type type) => Exceptions.GetValueOrDefault(type);
}
