using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OpenBitum.Access;
using OpenBitum.Ids;
using OpenBitum.Json;
using OpenBitum.Money;
using OpenBitum.Shop;

namespace OpenBitum.OpenApi;

/// <summary>
/// The schemas of what is answered, read from the same contract that writes it (<see cref="WireJson"/>), so that they cannot differ:
/// names, enums, what is left out and what may be null. Each view becomes a component by its own name without `View`.
/// </summary>
internal sealed class ComponentSchemas
{
    private readonly SortedDictionary<string, JsonNode?> written = new(StringComparer.Ordinal);

    public JsonObject Written => new(written.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));

    public static string NameOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonSerializer.SerializeToNode(value, WireJson.Options)!.GetValue<string>();

    public static JsonObject Id(Type id) => new()
    {
        ["type"] = "string",
        // A merchant's name is the token's, and a slug its shop's own: no ULIDs of ours.
        ["pattern"] = id == typeof(MerchantId) ? "^[A-Za-z0-9_-]{1,64}$"
            : id == typeof(Slug) ? "^[a-z0-9-]{3,60}$"
            : $"^{id.GetField("Prefix")!.GetRawConstantValue()}[0-7][0-9A-HJKMNP-TV-Z]{{25}}$",
    };

    /// <summary><c>{"amount","currency"}</c> or <c>{"amount","asset"}</c>.</summary>
    public static JsonObject Amount(ComponentSchemas components) => new()
    {
        ["description"] = "A decimal of a currency with its ISO 4217 digits, or of an asset in its shortest form.",
        ["oneOf"] = new JsonArray(AmountOf("currency", "^[A-Z]{3}$"), AmountOf("asset", "^[A-Za-z0-9.]{1,20}$")),
    };

    /// <summary>The schema of a type as it is answered, by reference where it has a name.</summary>
    public JsonObject Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return OrNull(Of(underlying));
        }

        if (type == typeof(Amount))
        {
            return Reference("Amount", Amount);
        }

        if (ShownAs.Find(type) is { } shown)
        {
            return Reference(shown.Name, components => shown.Write(components, components.Object(type)));
        }

        if (type.IsEnum)
        {
            return Enumeration(type);
        }

        if (type.GetInterfaces().Any(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IId<>)))
        {
            return Id(type);
        }

        var contract = WireJson.Options.GetTypeInfo(type);
        return contract.Kind switch
        {
            JsonTypeInfoKind.Object => Reference(ComponentName(type), components => components.Object(type)),
            JsonTypeInfoKind.Enumerable => new JsonObject { ["type"] = "array", ["items"] = Of(contract.ElementType!) },
            JsonTypeInfoKind.Dictionary => new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(contract.ElementType!) },
            _ => Plain(type),
        };
    }

    /// <summary>A component under this name, written the first time that somebody points to it.</summary>
    /// <exception cref="InvalidOperationException">Two types claim one name.</exception>
    public JsonObject Reference(string name, Func<ComponentSchemas, JsonObject> write)
    {
        if (!written.ContainsKey(name))
        {
            // Before it is written, so that a type that holds itself ends.
            written[name] = null;
            written[name] = write(this);
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private JsonObject Object(Type type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in WireJson.Options.GetTypeInfo(type).Properties.Where(property => property.Get is not null))
        {
            var ignored = property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true)
                .OfType<JsonIgnoreAttribute>().FirstOrDefault()?.Condition;
            var isLeftOut = ignored is JsonIgnoreCondition.WhenWritingNull or JsonIgnoreCondition.WhenWritingDefault;
            var valueType = isLeftOut ? Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType : property.PropertyType;
            var schema = Of(valueType);
            if (!valueType.IsValueType && property.IsGetNullable && !isLeftOut)
            {
                schema = OrNull(schema);
            }

            if (property.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true)
                .OfType<DescriptionAttribute>().FirstOrDefault() is { } said)
            {
                schema["description"] = said.Description;
            }

            properties[property.Name] = schema;
            if (!isLeftOut)
            {
                required.Add(property.Name);
            }
        }

        var result = new JsonObject { ["type"] = "object" };
        if (type.GetCustomAttribute<DescriptionAttribute>() is { } about)
        {
            result["description"] = about.Description;
        }

        result["properties"] = properties;
        if (required.Count > 0)
        {
            result["required"] = required;
        }

        return result;
    }

    private static JsonObject Enumeration(Type type) => new()
    {
        ["type"] = "string",
        ["enum"] = new JsonArray([.. Enum.GetValues(type).Cast<object>()
            .Select(value => JsonSerializer.SerializeToNode(value, type, WireJson.Options))]),
    };

    private static JsonObject Plain(Type type) => type switch
    {
        _ when type == typeof(string) => new JsonObject { ["type"] = "string" },
        _ when type == typeof(bool) => new JsonObject { ["type"] = "boolean" },
        _ when type == typeof(int) => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        _ when type == typeof(long) => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
        _ when type == typeof(decimal) => new JsonObject { ["type"] = "number" },
        _ when type == typeof(DateTimeOffset) => new JsonObject
        {
            ["type"] = "string",
            ["format"] = "date-time",
            ["pattern"] = @"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$",
        },
        _ when type == typeof(JsonObject) => new JsonObject { ["type"] = "object" },
        _ when type == typeof(JsonElement) => [],
        _ => throw new InvalidOperationException($"There is no schema for {type}: add it to ComponentSchemas.Plain."),
    };

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is not JsonValue type)
        {
            return new JsonObject { ["oneOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        }

        schema["type"] = new JsonArray(type.DeepClone(), "null");
        (schema["enum"] as JsonArray)?.Add((JsonNode?)null);
        return schema;
    }

    private static JsonObject AmountOf(string unit, string pattern) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["amount"] = new JsonObject { ["type"] = "string", ["pattern"] = @"^\d{1,30}(\.\d{1,18})?$" },
            [unit] = new JsonObject { ["type"] = "string", ["pattern"] = pattern },
        },
        ["required"] = new JsonArray("amount", unit),
        ["additionalProperties"] = false,
    };

    private static string ComponentName(Type type)
    {
        var name = type.Name.Split('`')[0];
        name = name.EndsWith("View", StringComparison.Ordinal) ? name[..^"View".Length] : name;
        return type.IsGenericType ? $"{ComponentName(type.GetGenericArguments()[0])}{name}" : name;
    }
}
