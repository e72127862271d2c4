using System.Text.Json.Serialization;
using OpenBitum.Ids;

namespace OpenBitum.Customers;

/// <summary>Names a customer of one merchant: `cus_` and a ULID.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.customers.customer-id")]
[JsonConverter(typeof(IdJsonConverter<CustomerId>))]
public readonly record struct CustomerId([property: Id(0)] string Value) : IId<CustomerId>
{
    public const string Prefix = "cus_";

    public static CustomerId New(DateTimeOffset now) => new(Ulid.New(Prefix, now));

    public static bool TryParse(string? text, out CustomerId id)
    {
        id = new CustomerId(text ?? "");
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && Ulid.IsValid(text.AsSpan(Prefix.Length));
    }

    public override string ToString() => Value;
}
