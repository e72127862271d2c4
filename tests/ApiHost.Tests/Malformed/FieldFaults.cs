using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenBitum.Tests.Malformed;

/// <summary>A body of the right form in which one field is wrong, by the schema of that field.</summary>
internal sealed class FieldFaults(Call call, CallBook book, Seed seed)
{
    private const string Mark = "@@RAW@@";
    private const string Invalid = "422 invalid";
    private const string Malformed = "400 malformed";

    private static readonly (string Type, string Json)[] Values =
    [
        ("string", "\"x\""), ("integer", "7"), ("number", "1.5"), ("boolean", "true"), ("null", "null"), ("array", "[]"), ("object", "{}"),
        ("array", "[[]]"), ("object", "{\"a\":{}}"),
    ];

    private static readonly string[] NoNumbers =
        ["NaN", "Infinity", "-Infinity", "+1", "01", ".5", "1.", "0x10", "1_000", "1e", "--1", "undefined"];
    private static readonly string[] HalfCharacters = ["\\ud800", "\\udc00\\ud800", "a\\udfff", "\\uDBFF x"];
    private static readonly string[] NoUtf8 = ["\xC3\x28", "\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80"];

    private readonly List<Fault> faults = [];

    public IEnumerable<Fault> All()
    {
        Walk(call.BodySchema!, []);
        return faults;
    }

    /// <summary>At each object: what does not belong, what is missing, and each field by itself.</summary>
    private void Walk(JsonObject schema, ImmutableArray<object> at)
    {
        var unknown = seed.Pick(["x", "__proto__", "constructor", "id", "merchant", "$ref", "isAdmin", "Name", "", "é"]) + seed.Text(2);
        Add("an unknown field", at.Add(unknown), seed.Pick(["1", "null", "{}", "\"x\""]), Invalid);
        foreach (var (name, value) in schema["properties"]?.AsObject() ?? [])
        {
            var property = Variant(book.Resolve(value!));
            var here = at.Add(name);
            var example = Example(here, property);
            Add("a key that stands twice", here, $"{example},{JsonSerializer.Serialize(name)}:{example}", Invalid);
            Types(property, here, name);
            if (property["type"] is not null || property["oneOf"] is not null)
            {
                Contents(property, here, name);
            }
        }

        foreach (var name in schema["required"]?.AsArray() ?? [])
        {
            if (at.Length == 0 || Find(at) is not null)
            {
                Remove("a field that is missing", at.Add((string)name!));
            }
        }
    }

    private void Types(JsonObject schema, ImmutableArray<object> at, string name)
    {
        var allowed = TypesOf(schema);
        foreach (var (type, json) in Values)
        {
            if (!allowed.Contains(type) && !(type == "integer" && allowed.Contains("number")))
            {
                Add($"a {type} where {string.Join(" or ", allowed)} belongs", at, json, Invalid);
            }
        }

        Add("a number that is none", at, seed.Pick(NoNumbers), Malformed);
        Add("half a character", at, $"\"{seed.Pick(HalfCharacters)}\"", Malformed);
        Add("bytes that are no UTF-8", at, $"\"a{seed.Pick(NoUtf8)}b\"", Malformed);
        Add("a control character in a text", at, $"\"a{(char)seed.Next(32)}b\"", Malformed);
        if (name.Length > 0 && schema["type"] is not null && allowed.Contains("string"))
        {
            Add("U+0000", at, "\"a\\u0000b\"", Invalid);
        }
    }

    private void Contents(JsonObject schema, ImmutableArray<object> at, string name)
    {
        var allowed = TypesOf(schema);
        if (allowed.Contains("string"))
        {
            Texts(schema, at, name);
        }

        if (allowed.Contains("integer") || allowed.Contains("number"))
        {
            Numbers(schema, at, allowed.Contains("integer"));
        }

        if (allowed.Contains("array"))
        {
            Arrays(schema, at, name);
        }

        if (allowed.Contains("object"))
        {
            Objects(schema, at);
        }
    }

    private void Texts(JsonObject schema, ImmutableArray<object> at, string name)
    {
        var wrong = call.WrongText(name);
        if ((int?)schema["maxLength"] is { } longest)
        {
            Add("a text that is too long", at, JsonSerializer.Serialize(seed.Text(longest + 1)), [.. wrong]);
            Add("a text that is far too long", at, JsonSerializer.Serialize(new string('a', longest + 1 + seed.Next(20_000))), [.. wrong]);
        }

        if ((int?)schema["minLength"] is > 0)
        {
            Add("an empty text", at, "\"\"", [.. wrong]);
        }

        if (schema["enum"] is not null || schema["pattern"] is not null || schema["format"] is not null)
        {
            Add("a text of another form", at, JsonSerializer.Serialize("?" + seed.Text(1 + seed.Next(8)) + " ?"), [.. wrong]);
        }
    }

    private void Numbers(JsonObject schema, ImmutableArray<object> at, bool isWhole)
    {
        Add("a number beyond all numbers", at, seed.Pick(["1e999", "-1e999", "1e400"]), Invalid);
        Add("a number of many digits", at, seed.Pick(["", "-"]) + "9" + new string('9', 30 + seed.Next(300)), Invalid);
        if (isWhole)
        {
            Add("a whole number with an exponent", at, $"{1 + seed.Next(9)}e{1 + seed.Next(3)}", Invalid);
            Add("a fraction", at, $"{seed.Next(9)}.{1 + seed.Next(99)}", Invalid);
        }

        if (schema["minimum"] is { } least)
        {
            Add("a number just too small", at, ((decimal)least - 1).ToString(System.Globalization.CultureInfo.InvariantCulture), Invalid);
        }

        if (schema["maximum"] is { } most)
        {
            Add("a number just too large", at, ((decimal)most + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), Invalid);
        }
    }

    private void Arrays(JsonObject schema, ImmutableArray<object> at, string name)
    {
        var items = Variant(book.Resolve(schema["items"]!));
        var one = Find(at) is JsonArray { Count: > 0 } shown ? shown[0]!.ToJsonString() : Usual(items);
        if ((int?)schema["maxItems"] is { } most)
        {
            Add("too many entries", at, $"[{string.Join(',', Enumerable.Repeat(one, most + 1))}]", Invalid);
        }

        if ((int?)schema["minItems"] is > 0)
        {
            Add("no entry", at, "[]", Invalid);
        }

        if (Find(at) is JsonArray { Count: > 0 })
        {
            Types(items, at.Add(0), "");
            Contents(items, at.Add(0), name);
        }
    }

    private void Objects(JsonObject schema, ImmutableArray<object> at)
    {
        if (schema["additionalProperties"] is JsonObject values)
        {
            Add("a pair of another type", at, "{\"k\":7}", Invalid);
            Add("a pair that stands twice", at, "{\"k\":\"1\",\"k\":\"2\"}", Invalid);
            if ((int?)schema["maxProperties"] is { } most)
            {
                var pairs = Enumerable.Range(0, most + 1).Select(index => $"\"k{index}\":\"v\"");
                Add("too many pairs", at, $"{{{string.Join(',', pairs)}}}", Invalid);
            }

            if ((int?)schema["propertyNames"]?["maxLength"] is { } longest)
            {
                Add("a key that is too long", at, $"{{\"{seed.Text(longest + 1)}\":\"v\"}}", Invalid);
                Add("an empty key", at, "{\"\":\"v\"}", Invalid);
            }

            if ((int?)values["maxLength"] is { } longestValue)
            {
                Add("a value that is too long", at, $"{{\"k\":\"{seed.Text(longestValue + 1)}\"}}", Invalid);
            }
        }
        else if (Find(at) is JsonObject)
        {
            Walk(schema, at);
        }
    }

    private static string[] TypesOf(JsonObject schema) => schema switch
    {
        _ when schema["type"] is JsonArray several => [.. several.Select(type => (string)type!)],
        _ when schema["type"] is { } type => [(string)type!],
        _ when schema["oneOf"] is JsonArray => ["object"],
        _ => ["string", "integer", "number", "boolean", "null", "array", "object"],
    };

    /// <summary>Of several forms the one that the example has; null beside it does not matter.</summary>
    private JsonObject Variant(JsonObject schema)
    {
        if (schema["oneOf"] is not JsonArray forms)
        {
            return schema;
        }

        var resolved = forms.Select(form => book.Resolve(form!)).ToArray();
        if (resolved.FirstOrDefault(form => (string?)form["type"] == "null") is null)
        {
            return resolved[0];
        }

        var chosen = Variant(resolved.First(form => !(form["type"] is JsonValue type && (string?)type == "null"))).DeepClone().AsObject();
        chosen["type"] = new JsonArray([.. TypesOf(chosen).Append("null").Select(type => (JsonNode)type)]);
        return chosen;
    }

    private string Example(ImmutableArray<object> at, JsonObject schema) => Find(at)?.ToJsonString() ?? Usual(schema);

    private static string Usual(JsonObject schema) => TypesOf(schema)[0] switch
    {
        "string" => schema["enum"]?[0]?.ToJsonString() ?? "\"x\"",
        "integer" or "number" => schema["minimum"]?.ToJsonString() ?? "1",
        "boolean" => "true",
        "array" => "[]",
        _ => "{}",
    };

    private JsonNode? Find(ImmutableArray<object> at) =>
        at.Aggregate((JsonNode?)call.Body, Step);

    private void Remove(string kind, ImmutableArray<object> at)
    {
        var body = (JsonObject)call.Body!.DeepClone();
        if (at[..^1].Aggregate((JsonNode?)body, Step) is JsonObject parent && parent.Remove((string)at[^1]))
        {
            faults.Add(new Fault(kind, call.Good.WithBody(body.ToJsonString()), Invalid));
        }
    }

    /// <summary>Writes the raw text in place of the value there; what is no JSON can stand there too.</summary>
    private void Add(string kind, ImmutableArray<object> at, string raw, params ImmutableArray<string> answers)
    {
        var body = (JsonObject)call.Body!.DeepClone();
        var parent = at[..^1].Aggregate((JsonNode?)body, Step);
        if (parent is JsonObject item)
        {
            item[(string)at[^1]] = Mark;
        }
        else if (parent is JsonArray array)
        {
            array[(int)at[^1]] = Mark;
        }
        else
        {
            return;
        }

        var text = body.ToJsonString();
        var mark = text.IndexOf($"\"{Mark}\"", StringComparison.Ordinal);
        // The raw text may hold bytes that are no UTF-8, one to a character; what stands around it is UTF-8.
        byte[] bytes =
        [
            .. Encoding.UTF8.GetBytes(text[..mark]),
            .. raw.Any(character => character > 0xFF) ? Encoding.UTF8.GetBytes(raw) : Encoding.Latin1.GetBytes(raw),
            .. Encoding.UTF8.GetBytes(text[(mark + Mark.Length + 2)..]),
        ];
        faults.Add(new Fault($"{kind} at {string.Join('.', at)}", call.Good with { Body = bytes }, answers));
    }

    private static JsonNode? Step(JsonNode? node, object step) => (node, step) switch
    {
        (JsonArray array, int index) => array[index],
        (JsonObject item, string name) => item[name],
        _ => null,
    };
}
