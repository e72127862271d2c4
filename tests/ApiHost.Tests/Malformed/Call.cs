using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace OpenBitum.Tests.Malformed;

/// <summary>One operation of the document, with a request that has nothing wrong yet.</summary>
internal sealed record Call(string Id, JsonObject Operation, WireRequest Good, JsonObject? BodySchema, JsonObject? Body, CallAccess Access)
{
    public bool IsWrite => Good.Method is not "GET";

    /// <summary>It looks at its query and, when it writes, at its body as JSON.</summary>
    public bool IsJson => (string?)Operation["tags"]![0] != "Pages" && !Good.Target.StartsWith("/healthz", StringComparison.Ordinal);

    public bool MayBeMissing => Operation["responses"]!["404"] is not null;

    public ImmutableArray<JsonObject> Parameters { get; init; } = [];

    /// <summary>What a wrong text may be answered with, where the text is the name of something.</summary>
    public ImmutableArray<string> WrongText(string field) =>
        Id == "signIn" ? ["422 invalid", "401 unauthorized"]
        : MayBeMissing && field.EndsWith("Id", StringComparison.Ordinal) ? ["422 invalid", "404 not_found"]
        : ["422 invalid"];

    public bool Has(string parameter) => Parameters.Any(known => (string?)known["name"] == parameter);
}

internal enum CallAccess { Open, Public, SignedIn }

/// <summary>The operations of an OpenAPI document, made ready to be called.</summary>
internal sealed class CallBook(JsonObject document)
{
    private static readonly string[] Methods = ["get", "post", "patch", "delete"];

    /// <param name="id">What stands in place of `{id}` in a path.</param>
    /// <param name="token">The credential for an operation; null: none is needed.</param>
    /// <param name="repair">Puts what exists here into the document's example of a body.</param>
    public IEnumerable<Call> Calls(Func<string, string> id, Func<JsonObject, string?> token, Action<string, JsonObject> repair)
    {
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, node) in item!.AsObject().Where(pair => Methods.Contains(pair.Key)))
            {
                var operation = node!.AsObject();
                var name = (string)operation["operationId"]!;
                var media = operation["requestBody"]?["content"]?["application/json"];
                var body = media?["example"]?.DeepClone().AsObject();
                if (body is not null)
                {
                    repair(name, body);
                }

                var target = path.Contains('{', StringComparison.Ordinal) ? FillIn(path, id(path)) : path;
                var good = new WireRequest(method.ToUpperInvariant(), target);
                if (token(operation) is { } credential)
                {
                    good = good.With("Authorization", $"Bearer {credential}");
                }

                yield return new Call(
                    name,
                    operation,
                    body is null ? good : good.WithBody(body.ToJsonString()),
                    media?["schema"] is { } schema ? Resolve(schema) : null,
                    body,
                    AccessOf(operation))
                {
                    Parameters = [.. (operation["parameters"]?.AsArray() ?? []).Select(parameter => Resolve(parameter!))],
                };
            }
        }
    }

    public JsonObject Resolve(JsonNode node) =>
        node["$ref"] is { } reference
            ? Resolve(((string)reference!)[2..].Split('/').Aggregate((JsonNode)document, (at, name) => at[name.Replace("~1", "/")]!))
            : node.AsObject();

    private static string FillIn(string path, string id) =>
        string.Join('/', path.Split('/').Select(segment => segment.StartsWith('{') ? id : segment));

    private static CallAccess AccessOf(JsonObject operation)
    {
        var ways = operation["security"]!.AsArray();
        return ways.Count == 0 ? CallAccess.Open : ways.Any(way => way!.AsObject().Count == 0) ? CallAccess.Public : CallAccess.SignedIn;
    }
}
