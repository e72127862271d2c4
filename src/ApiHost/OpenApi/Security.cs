using System.Text.Json.Nodes;
using OpenBitum.Access;

namespace OpenBitum.OpenApi;

/// <summary>The kinds of credential, and which of them a route takes.</summary>
internal static class Security
{
    private const string Bearer = "bearer";
    private const string Cookie = "cookie";
    private const string Csrf = "csrf";
    private const string Key = "subscriptionKey";

    public static JsonObject Schemes() => new()
    {
        [Bearer] = new JsonObject
        {
            ["type"] = "http",
            ["scheme"] = "bearer",
            ["bearerFormat"] = "JWT",
            ["description"] = "A token of the configured OIDC issuer, or of the instance itself where none is configured.",
        },
        [Cookie] = new JsonObject
        {
            ["type"] = "apiKey",
            ["in"] = "cookie",
            ["name"] = Session.CookieName,
            ["description"] = "The session of a browser. A write needs X-CSRF-Token and the Origin of this service besides.",
        },
        [Csrf] = new JsonObject
        {
            ["type"] = "apiKey",
            ["in"] = "header",
            ["name"] = Session.CsrfHeader,
            ["description"] = "`csrfToken` of the session.",
        },
        [Key] = new JsonObject
        {
            ["type"] = "apiKey",
            ["in"] = "header",
            ["name"] = KeyGate.Header,
            ["description"] = "A merchant's key for reads; it needs the scope that the route names, if it names one.",
        },
    };

    public static JsonArray Of(RouteEndpoint route, bool isWrite)
    {
        var level = route.Metadata.GetRequiredMetadata<AccessPolicy>().Level;
        if (level == AccessLevel.Open)
        {
            return [];
        }

        var ways = new JsonArray(With(Bearer));
        if (level == AccessLevel.Public)
        {
            ways.Insert(0, new JsonObject());
        }
        else
        {
            ways.Add((JsonNode)(isWrite ? With(Cookie, Csrf) : With(Cookie)));
        }

        if (route.Metadata.GetMetadata<KeyAccess>() is { } key)
        {
            ways.Add((JsonNode)new JsonObject { [Key] = new JsonArray(key.Scope) });
        }
        else if (level == AccessLevel.Public && !isWrite)
        {
            ways.Add((JsonNode)With(Key));
        }

        return ways;
    }

    private static JsonObject With(params string[] schemes) =>
        new(schemes.Select(scheme => KeyValuePair.Create(scheme, (JsonNode?)new JsonArray())));
}
