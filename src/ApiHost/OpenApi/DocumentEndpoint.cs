using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OpenBitum.Access;
using OpenBitum.Http;

namespace OpenBitum.OpenApi;

/// <summary>`GET /openapi/v1.json`, for anybody.</summary>
internal static class DocumentEndpoint
{
    public static void MapOpenApi(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/openapi/v1.json", Routes.Reading, Read).Takes().Allow(AccessLevel.Public).Describe(Describe);

    private static OkBytes<JsonObject> Read(OpenApiDocument document) => new(document.Bytes)
    {
        ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(document.Bytes.Span).AsSpan(0, 12))}\"",
        CacheControl = "no-cache",
    };

    private static Operation Describe() => new("getOpenApiDocument", Tag.Service, "Shows this document")
    {
        About = "OpenAPI 3.1: every route that this host has, with its answers.",
        Sends = AnswerHeader.ETag,
        Example = new JsonObject { ["openapi"] = "3.1.0" },
    };
}
