using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenBitum.OpenApi;

/// <summary>The OpenAPI 3.1 document of the routes that this host has mapped; made when it is first asked for, then kept.</summary>
internal sealed class OpenApiDocument(EndpointDataSource routes)
{
    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock making = new();
    private byte[]? bytes;

    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            lock (making)
            {
                return bytes ??= [.. JsonSerializer.SerializeToUtf8Bytes(Write(), Form), (byte)'\n'];
            }
        }
    }

    /// <summary>Routes that the document would not name: each says what it is for.</summary>
    public static IEnumerable<string> Undescribed(EndpointDataSource routes) =>
        routes.Endpoints.Where(route => route.Metadata.GetMetadata<Func<Operation>>() is null).Select(route => route.DisplayName!);

    private JsonObject Write()
    {
        var schemas = new ComponentSchemas();
        var refusals = new Refusals();
        var writer = new OperationWriter(schemas, refusals);
        schemas.Reference("FieldProblem", _ => Refusals.FieldProblemSchema());
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var route in routes.Endpoints.OfType<RouteEndpoint>())
        {
            if (route.Metadata.GetMetadata<Func<Operation>>() is not { } describe)
            {
                continue;
            }

            var path = "/" + route.RoutePattern.RawText!.Trim('/');
            var methods = paths.TryGetValue(path, out var item) ? item : paths[path] = [];
            var known = route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods;
            foreach (var method in known.Where(name => !HttpMethods.IsHead(name)))
            {
                methods[method.ToLowerInvariant()] = writer.Write(route, method, describe());
            }
        }

        var webhooks = OutgoingEvents.Write(schemas);
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = DocumentText.Info(),
            ["servers"] = DocumentText.Servers(),
            ["tags"] = new JsonArray([.. Tag.All.Select(tag => (JsonNode)new JsonObject { ["name"] = tag.Name, ["description"] = tag.About })]),
            ["paths"] = new JsonObject(paths.Select(path => KeyValuePair.Create(path.Key, (JsonNode?)path.Value))),
            ["webhooks"] = webhooks,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = Security.Schemes(),
                ["parameters"] = DocumentHeaders.Parameters(),
                ["headers"] = DocumentHeaders.Components(),
                ["responses"] = refusals.Written,
                ["schemas"] = schemas.Written,
            },
        };
    }
}
