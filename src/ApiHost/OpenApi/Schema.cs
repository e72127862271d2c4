using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenBitum.Ids;

namespace OpenBitum.OpenApi;

/// <summary>
/// A JSON Schema (2020-12) of what a request may hold. It is written out when somebody asks for the document, so that a host that
/// nobody asks pays nothing for it. Null is refused unless <see cref="OrNull"/> says otherwise.
/// </summary>
internal sealed class Schema
{
    private readonly Func<ComponentSchemas, JsonObject> write;

    private Schema(Func<ComponentSchemas, JsonObject> write) => this.write = write;

    public static Schema Flag { get; } = Typed("boolean");

    /// <summary>A moment of RFC 3339 with its zone.</summary>
    public static Schema Time { get; } = Typed("string").With("format", "date-time");

    /// <summary>An amount with its unit: of a currency, or of an asset.</summary>
    public static Schema Money { get; } = new(components => components.Reference("Amount", ComponentSchemas.Amount));

    /// <param name="longest">In characters.</param>
    /// <param name="shortest">In characters.</param>
    public static Schema Text(int longest, int shortest = 0)
    {
        var text = Typed("string").With("maxLength", longest);
        return shortest > 0 ? text.With("minLength", shortest) : text;
    }

    /// <param name="pattern">A regular expression of ECMA-262 for the whole text, such as <c>^[a-z]{3,60}$</c>.</param>
    public static Schema Matching(string pattern) => Typed("string").With("pattern", pattern);

    /// <summary>An absolute address whose host may be written in any script (RFC 3987).</summary>
    public static Schema Url(int longest, int shortest = 0) => Text(longest, shortest).With("format", "iri");

    public static Schema OneOf(params IEnumerable<string> values) =>
        Typed("string").With("enum", new JsonArray([.. values.Select(value => (JsonNode)value)]));

    /// <summary>An enum as the wire shows it; some of its members may never be shown.</summary>
    public static Schema OneOf<TEnum>(params TEnum[] hidden)
        where TEnum : struct, Enum => OneOf(Enum.GetValues<TEnum>().Except(hidden).Select(ComponentSchemas.NameOf));

    public static Schema Whole(long least, long most) => Typed("integer").With("minimum", least).With("maximum", most);

    public static Schema Number(decimal least, decimal most) => Typed("number").With("minimum", least).With("maximum", most);

    /// <summary>A prefix and a ULID.</summary>
    public static Schema Id<TId>()
        where TId : struct, IId<TId> => new(_ => ComponentSchemas.Id(typeof(TId)));

    /// <summary>What a view looks like when it is answered.</summary>
    public static Schema Of<TView>() => new(components => components.Of(typeof(TView)));

    public static Schema Array(Schema items, int most, int least = 0)
    {
        var array = new Schema(components => new JsonObject { ["type"] = "array", ["items"] = items.Write(components), ["maxItems"] = most });
        return least > 0 ? array.With("minItems", least) : array;
    }

    /// <summary>An object of the caller's own keys.</summary>
    public static Schema Pairs(Schema value, int most, int longestKey) => new(components => new JsonObject
    {
        ["type"] = "object",
        ["additionalProperties"] = value.Write(components),
        ["maxProperties"] = most,
        ["propertyNames"] = new JsonObject { ["minLength"] = 1, ["maxLength"] = longestKey },
    });

    /// <summary>An object of these fields and no others.</summary>
    public static Schema Object(params ImmutableArray<Field> fields) => new(components =>
    {
        var properties = new JsonObject();
        foreach (var field in fields)
        {
            var written = field.Schema.Write(components);
            written["description"] ??= field.About;
            properties[field.Name] = written;
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (fields.Any(field => field.IsRequired))
        {
            schema["required"] = new JsonArray([.. fields.Where(field => field.IsRequired).Select(field => (JsonNode)field.Name)]);
        }

        schema["additionalProperties"] = false;
        return schema;
    });

    /// <summary>Null may stand for it, or be left to mean "none"; the description of the field says which.</summary>
    public Schema OrNull() => new(components =>
    {
        var schema = write(components);
        if (schema["type"] is not JsonValue type)
        {
            return new JsonObject { ["oneOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        }

        schema["type"] = new JsonArray(type.DeepClone(), "null");
        if (schema["enum"] is JsonArray values)
        {
            values.Add((JsonNode?)null);
        }

        return schema;
    });

    /// <summary>What `default` says is taken when the field is left out.</summary>
    public Schema Usually(JsonNode value) => With("default", value);

    /// <summary>Adds a keyword of JSON Schema.</summary>
    public Schema With(string keyword, JsonNode value) => new(components =>
    {
        var schema = write(components);
        schema[keyword] = value.DeepClone();
        return schema;
    });

    public JsonObject Write(ComponentSchemas components) => write(components);

    private static Schema Typed(string type) => new(_ => new JsonObject { ["type"] = type });
}

/// <summary>A field of a request's body.</summary>
internal sealed record Field(string Name, Schema Schema, bool IsRequired, string About)
{
    public static Field Required(string name, Schema schema, string about) => new(name, schema, IsRequired: true, about);

    public static Field Optional(string name, Schema schema, string about) => new(name, schema, IsRequired: false, about);
}
