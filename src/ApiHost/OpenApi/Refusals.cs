using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OpenBitum.Http;
using OpenBitum.Problems;

namespace OpenBitum.OpenApi;

/// <summary>
/// The refusals of a route by status: what middleware may say on its way, and what its handler says. Each set of codes of one status
/// is written once, as a component.
/// </summary>
internal sealed class Refusals
{
    private static readonly FieldProblem Problem = new(
        "price.amount", FieldProblemCode.BadFormat, "Write a decimal with at most 2 digits after the point, like \"19.90\".");

    private readonly SortedDictionary<string, JsonNode?> written = new(StringComparer.Ordinal);

    public JsonObject Written => new(written.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));

    /// <summary>The responses of these refusals, by status.</summary>
    /// <param name="codes">Which.</param>
    /// <param name="isPage">A browser is answered with a page.</param>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Of(IEnumerable<HttpError> codes, bool isPage) =>
        codes.GroupBy(code => code.Status).OrderBy(group => group.Key)
            .Select(group => KeyValuePair.Create($"{group.Key}", (JsonNode?)Reference([.. group], isPage)));

    private JsonObject Reference(ImmutableArray<HttpError> codes, bool isPage)
    {
        var names = codes.Select(code => code.Code).Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
        var name = (isPage ? "page." : "") + string.Join('.', names);
        if (!written.ContainsKey(name))
        {
            var response = Write(names, codes);
            if (isPage)
            {
                response["content"]!["text/html"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
            }

            written[name] = response;
        }

        return new JsonObject { ["$ref"] = $"#/components/responses/{name}" };
    }

    private static JsonObject Write(ImmutableArray<string> names, ImmutableArray<HttpError> codes)
    {
        var distinct = codes.DistinctBy(code => code.Code).OrderBy(code => code.Code, StringComparer.Ordinal).ToImmutableArray();
        var examples = new JsonObject();
        foreach (var code in distinct)
        {
            var body = code == HttpError.Invalid ? ErrorBody.Of([Problem]) : ErrorBody.Of(code);
            examples[code.Code] = new JsonObject { ["value"] = JsonNode.Parse(body) };
        }

        return new JsonObject
        {
            ["description"] = string.Join(' ', distinct.Select(About)),
            ["headers"] = DocumentHeaders.OfRefusal(codes[0].Status),
            ["content"] = new JsonObject
            {
                ["application/json"] = new JsonObject { ["schema"] = Schema(names), ["examples"] = examples },
            },
        };
    }

    private static JsonObject Schema(ImmutableArray<string> names)
    {
        var hasDetails = names.Contains(HttpError.Invalid.Code);
        var isNotFound = names.Contains(HttpError.NotFound.Code);
        var properties = new JsonObject
        {
            ["error"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) },
        };
        if (!isNotFound)
        {
            properties["message"] = new JsonObject { ["type"] = "string", ["description"] = "For people; it may change." };
        }

        if (hasDetails)
        {
            properties["details"] = new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["$ref"] = "#/components/schemas/FieldProblem" },
                ["minItems"] = 1,
                ["maxItems"] = ErrorBody.MostDetails,
                ["description"] = "What is wrong, field by field; only with `invalid`.",
            };
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = isNotFound ? new JsonArray("error") : new JsonArray("error", "message"),
            ["additionalProperties"] = false,
        };
    }

    /// <summary>A problem's codes are named in one place, which the host's own constants fill.</summary>
    public static JsonObject FieldProblemSchema() => new()
    {
        ["type"] = "object",
        ["description"] = "What is wrong with one field or query parameter.",
        ["properties"] = new JsonObject
        {
            ["field"] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = "Its path in the request, such as `price.amount`; empty: the whole body.",
            },
            ["code"] = new JsonObject
            {
                ["type"] = "string",
                ["enum"] = new JsonArray([.. typeof(FieldProblemCode).GetFields()
                    .Select(code => (JsonNode?)JsonValue.Create((string)code.GetRawConstantValue()!))]),
            },
            ["message"] = new JsonObject { ["type"] = "string", ["description"] = "What to write instead; for people." },
        },
        ["required"] = new JsonArray("field", "code", "message"),
        ["additionalProperties"] = false,
    };

    private static string About(HttpError code) => code == HttpError.NotFound ? "It does not exist, or is not yours." : code.Message;
}
