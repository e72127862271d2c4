using System.Text.Json.Serialization;
using OpenBitum.Ids;

namespace OpenBitum.Orders;

/// <summary>Names an order: `ord_` and a ULID.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.orders.order-id")]
[JsonConverter(typeof(IdJsonConverter<OrderId>))]
public readonly record struct OrderId([property: Id(0)] string Value) : IId<OrderId>
{
    public const string Prefix = "ord_";

    public static OrderId New(DateTimeOffset now) => new(Ulid.New(Prefix, now));

    public static bool TryParse(string? text, out OrderId id)
    {
        id = new OrderId(text ?? "");
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && Ulid.IsValid(text.AsSpan(Prefix.Length));
    }

    public override string ToString() => Value;
}
