using System.Text.Json.Nodes;
using OpenBitum.Idempotency;

namespace OpenBitum.OpenApi;

/// <summary>The headers of requests and answers, each written once.</summary>
internal static class DocumentHeaders
{
    private static readonly (string Name, string About, bool IsAlways)[] Common =
    [
        ("X-Request-Id", "Names this request in the host's log.", true),
        ("Cache-Control", "`no-store` on private data and refusals; otherwise how the answer may be kept.", false),
        ("Content-Security-Policy", "Lets a browser do nothing with the answer, or on a page only what stands in it.", true),
        ("X-Content-Type-Options", "`nosniff`.", true),
        ("X-Frame-Options", "`DENY`.", true),
        ("Referrer-Policy", "`no-referrer`.", true),
        ("X-RateLimit-Limit", "Calls in a minute; where this call was counted, by subscription key or by client address.", false),
        ("X-RateLimit-Remaining", "Calls that are left of this minute; where this call was counted.", false),
        ("X-RateLimit-Reset", "Seconds until the minute is over, which began with its first call; where this call was counted.", false),
        ("Cross-Origin-Resource-Policy", "`same-origin`.", true),
        ("Permissions-Policy", "Asks a browser for nothing.", true),
        ("Strict-Transport-Security", "Where the host is served over https.", false),
        ("Vary", "What the answer depends on: `Origin` where pages of other origins are configured, `Accept`, or the credentials.", false),
        ("Access-Control-Allow-Origin", "To pages of the configured origins.", false),
        ("Access-Control-Expose-Headers", "To pages of the configured origins.", false),
    ];

    private static readonly (string Name, string About)[] Special =
    [
        ("ETag", "The version of what is shown: send it as If-None-Match to be told 304 while it stands, or as If-Match with a change."),
        ("Location", "Where it is found from now on."),
        ("Set-Cookie", "The session `cb_auth_token`: HttpOnly, SameSite=Lax, Secure off localhost. Ending it sets it in the past."),
        ("Content-Disposition", "The name of a file to keep it in."),
        ("X-Accel-Buffering", "`no`: a proxy must pass events on as they come."),
        ("Retry-After", "Seconds to wait before the next try."),
        ("WWW-Authenticate", "What kind of credential is wanted: RFC 6750, or `SubscriptionKey` after a key that is wrong."),
        ("Idempotent-Replayed", "`true` when this is the stored answer to an earlier request with the same Idempotency-Key."),
    ];

    /// <summary>`components.headers`.</summary>
    public static JsonObject Components()
    {
        var headers = new JsonObject();
        foreach (var (name, about, isAlways) in Common)
        {
            headers[name] = Header(about, isAlways);
        }

        foreach (var (name, about) in Special)
        {
            headers[name] = Header(about, isAlways: false);
        }

        return headers;
    }

    public static JsonObject OfAnswer(AnswerHeader sends, bool mayBeReplayed)
    {
        var headers = OfEvery();
        Add(headers, sends.HasFlag(AnswerHeader.ETag), "ETag");
        Add(headers, sends.HasFlag(AnswerHeader.Location), "Location");
        Add(headers, sends.HasFlag(AnswerHeader.SetCookie), "Set-Cookie");
        Add(headers, sends.HasFlag(AnswerHeader.ContentDisposition), "Content-Disposition");
        Add(headers, sends.HasFlag(AnswerHeader.AccelBuffering), "X-Accel-Buffering");
        Add(headers, mayBeReplayed, "Idempotent-Replayed");
        return headers;
    }

    public static JsonObject OfRefusal(int status)
    {
        var headers = OfEvery();
        Add(headers, status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests, "Retry-After");
        Add(headers, status == StatusCodes.Status401Unauthorized, "WWW-Authenticate");
        return headers;
    }

    /// <summary>`components.parameters`: the request headers that many routes look at.</summary>
    public static JsonObject Parameters() => new()
    {
        ["IdempotencyKey"] = Parameter(
            IdempotencyKeys.Header,
            "Makes the write safe to repeat: the same key and body get the stored answer for 24 hours. 1-255 printable ASCII characters.",
            new JsonObject { ["type"] = "string", ["pattern"] = "^[ -~]{1,255}$" },
            "checkout-2026-01-31-0001"),
        ["IfNoneMatch"] = Parameter(
            "If-None-Match", "The ETag of what the caller holds: 304 while it stands.", new JsonObject { ["type"] = "string" }, "\"1\""),
        ["IfMatch"] = Parameter(
            "If-Match",
            "The ETag of the version that is to be changed: 412 when it is another by now.",
            new JsonObject { ["type"] = "string" },
            "\"1\""),
    };

    public static JsonObject Parameter(string component) => new() { ["$ref"] = $"#/components/parameters/{component}" };

    private static JsonObject OfEvery()
    {
        var headers = new JsonObject();
        foreach (var (name, _, _) in Common)
        {
            Add(headers, true, name);
        }

        return headers;
    }

    private static void Add(JsonObject headers, bool isSent, string name)
    {
        if (isSent)
        {
            headers[name] = new JsonObject { ["$ref"] = $"#/components/headers/{name}" };
        }
    }

    private static JsonObject Header(string about, bool isAlways) => new()
    {
        ["description"] = about,
        ["required"] = isAlways,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Parameter(string name, string about, JsonObject schema, string example) => new()
    {
        ["name"] = name,
        ["in"] = "header",
        ["description"] = about,
        ["required"] = false,
        ["schema"] = schema,
        ["example"] = example,
    };
}
