using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenBitum.Money;

/// <summary>
/// Writes an amount as the contract shows it: <c>{"amount":"19.90","currency":"USD"}</c> or <c>{"amount":"0.0005","asset":"BTC"}</c>.
/// An asset that this instance does not know by its code is written with its `decimals`, so that what is stored can always be read.
/// </summary>
public sealed class AmountJsonConverter : JsonConverter<Amount>
{
    public override Amount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? text = null, code = null;
        var isCurrency = false;
        int? decimals = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "amount": text = reader.GetString(); break;
                case "currency": code = reader.GetString(); isCurrency = true; break;
                case "asset": code = reader.GetString(); break;
                case "decimals": decimals = reader.GetInt32(); break;
                default: reader.Skip(); break;
            }
        }

        var asset = (code, isCurrency, decimals) switch
        {
            (null, _, _) => null,
            (_, _, { } digits) => new Asset(code, digits, isCurrency),
            (_, true, _) => Asset.Currency(code),
            _ => Asset.Crypto(code),
        };
        var negative = text?.StartsWith('-') == true;
        if (asset is null || text is null || !Amount.TryParse(negative ? text[1..] : text, asset, out var amount))
        {
            throw new JsonException("Not an amount.");
        }

        return negative ? new Amount(asset, -amount.Atoms) : amount;
    }

    public override void Write(Utf8JsonWriter writer, Amount value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("amount", value.ToDecimal());
        writer.WriteString(value.Asset.IsCurrency ? "currency" : "asset", value.Asset.Code);
        if (!value.Asset.IsCurrency && Asset.Crypto(value.Asset.Code) is null)
        {
            writer.WriteNumber("decimals", value.Asset.Decimals);
        }

        writer.WriteEndObject();
    }
}
