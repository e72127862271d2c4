using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenBitum.Http;

namespace OpenBitum.Tests.Malformed;

/// <summary>
/// What is wrong with a request beside the fields of its body: the body as a whole, its type, the query, the path, the headers.
/// </summary>
internal sealed class RequestFaults(Call call, Seed seed)
{
    private const string Invalid = "422 invalid";
    private const string Malformed = "400 malformed";
    private const string NotFound = "404 not_found";

    private static readonly string[] NoJson =
    [
        "{", "}", "{\"a\":1", "{'a':1}", "{\"a\":1,}", "{a:1}", "// x\n{}", "{}{}", "{} x",
        "\xEF\xBB\xBF{}", "nul", "\"", "{\"a\" 1}", "[1,]", "\0", " ",
    ];

    private static readonly string[] NoObject = ["[]", "1", "\"x\"", "true", "null", "[{}]", "1e999"];

    private static readonly string?[] Types =
    [
        null, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx", "application/xml",
        "application/json; charset=utf-16", "application/json; charset=iso-8859-1", "application/json, application/json",
        "json", "*/*", "text/json",
        "application/vnd.api+json", "application/json\tx",
    ];

    private static readonly string[] Keys = ["", new('k', 256), new('k', 5_000), "a\tb", "a\u00E9b", "a\x7F"];

    private static readonly string[] UnknownQueries =
    [
        "?zz=1", "?Limit=5", "?subscription-key=x", "?_method=DELETE", "?limit[]=1", "?__proto__=1", "?a;b=1",
        "?x", "?=1", "?%20limit=1", "?merchant=other",
        "?%00=1", "?%zz=1", "?%c3%28=1", "?access_token=x", "?limit%00=1",
    ];

    private readonly string path = call.Good.Target;

    public IEnumerable<Fault> Bodies(bool withLarge)
    {
        if (!call.IsJson || !call.IsWrite)
        {
            yield break;
        }

        var text = call.Body?.ToJsonString() ?? "{}";
        foreach (var body in NoJson)
        {
            // A body of blanks is no JSON either; no body at all is fine where none is needed.
            yield return new Fault("a body that is no JSON", call.Good with { Body = System.Text.Encoding.Latin1.GetBytes(body) }, Malformed);
        }

        foreach (var body in NoObject)
        {
            yield return new Fault("a body that is no object", call.Good.WithBody(body), Invalid);
        }

        foreach (var depth in (int[])[31, 32])
        {
            yield return new Fault($"an unknown field {depth} levels deep", call.Good.WithBody(Nested(depth)), Invalid);
        }

        foreach (var depth in (int[])[33, 64, 1_000 + seed.Next(1_000), 50_000])
        {
            yield return new Fault($"{depth} levels", call.Good.WithBody(Nested(depth)), Malformed);
        }

        yield return new Fault("an unknown field", call.Good.WithBody(Beside(text, $"\"{seed.Text(5)}\":1")), Invalid);
        yield return new Fault("a broken end", call.Good.WithBody(text[..^1]), Malformed);
        foreach (var type in Types)
        {
            yield return new Fault(
                "a body of another type", call.Good.WithBody(text) with { ContentType = type }, "415 unsupported_media_type", "400");
        }

        yield return new Fault(
            "an encoded body",
            call.Good.WithBody(text).With("Content-Encoding", seed.Pick(["gzip", "br", "identity"])),
            "415 unsupported_media_type");
        if (withLarge)
        {
            yield return new Fault("an unknown field of 256 KiB in all", call.Good.WithBody(OfLength(RequestLimit)), Invalid);
            yield return new Fault("a body of 256 KiB and one byte", call.Good.WithBody(OfLength(RequestLimit + 1)), "413 payload_too_large");
            yield return new Fault(
                "more than 256 KiB in chunks",
                call.Good.WithBody(OfLength(RequestLimit + 1 + seed.Next(1_000))) with { IsChunked = true },
                "413 payload_too_large");
        }
    }

    public IEnumerable<Fault> Queries()
    {
        if (!call.IsJson)
        {
            yield break;
        }

        foreach (var query in UnknownQueries)
        {
            yield return new Fault("an unknown query parameter", call.Good with { Target = path + query }, WrongQuery);
        }

        foreach (var parameter in call.Parameters.Where(parameter => (string?)parameter["in"] == "query"))
        {
            var name = (string)parameter["name"]!;
            yield return new Fault("a query parameter that stands twice", call.Good with { Target = $"{path}?{name}=1&{name}=1" }, WrongQuery);
            foreach (var value in WrongValues(name, parameter["schema"]!.AsObject()))
            {
                // A slug that cannot exist is not found like any other that does not.
                yield return new Fault(
                    $"a wrong {name}", call.Good with { Target = $"{path}?{name}={value}" }, name is "slug" ? [NotFound] : WrongQuery);
            }
        }
    }

    public IEnumerable<Fault> Paths()
    {
        var segments = path.Split('/');
        var index = 1 + seed.Next(segments.Length - 1);
        var letter = path.Select((character, at) => (character, at)).Where(item => char.IsAsciiLetterLower(item.character)).ToArray();
        var at = seed.Pick(letter).at;
        string[] spellings =
        [
            $"{path}/", $"/{path}", $"{path};x", $"{path};jsessionid=1", $"{path}.", $"{path}%2e", $"{path}%20",
            $"{path}%2f", $"{path}%5c", $"{path}\\",
            $"{path}..", $"{path}.json", $"{path}~", $"{path}/.", $"{path}/x/..", $"/.{path}",
            $"/x/..{path}", $"/x/%2e%2e{path}", $"/%2e{path}", $"/.%2e{path}",
            Join(segments, index, "//"), Join(segments, index, "/./"), Join(segments, index, "/;/"),
            Join(segments, index, "%2f"), Join(segments, index, "\\"),
            $"{path[..at]}{char.ToUpperInvariant(path[at])}{path[(at + 1)..]}",
            $"{path[..at]}%{(int)path[at]:x2}{path[(at + 1)..]}",
            $"{path[..at]}%c3%a9{path[(at + 1)..]}",
        ];
        foreach (var spelling in spellings)
        {
            // Pages answer in HTML; and what is left of a path may be another one, which knows other methods.
            yield return new Fault(
                "another spelling of the path",
                call.Good with { Target = spelling },
                "400",
                "405 method_not_allowed",
                call.IsJson ? NotFound : "404");
        }

        yield return new Fault("U+0000 in the path", call.Good with { Target = $"{path[..at]}%00{path[at..]}" }, "400", NotFound);
        if (path.Contains('_', StringComparison.Ordinal))
        {
            var before = path[..path.IndexOf('_', StringComparison.Ordinal)];
            var after = path[(path.IndexOf('_', StringComparison.Ordinal) + 27)..];
            string[] ids =
            [
                "_x", $"_{new string('0', 25)}", $"_{new string('0', 27)}", $"_{new string('z', 26)}", $"_8{new string('0', 25)}",
                "_%27%20OR%201=1", $"_{seed.Text(300)}",
            ];
            foreach (var id in ids)
            {
                yield return new Fault("an id of another form", call.Good with { Target = before + id + after }, NotFound, "404");
            }
        }
    }

    public IEnumerable<Fault> Methods(IReadOnlyCollection<string> known)
    {
        string[] methods = ["PUT", "TRACE", "PROPFIND", "PURGE", "X", "OPTIONS", "POST", "PATCH", "DELETE", "GET"];
        foreach (var method in methods.Except(known))
        {
            var request = new WireRequest(method, path) { Headers = call.Good.Headers };
            yield return new Fault("a method that the path lacks", request, "405 method_not_allowed");
            foreach (var header in (string[])["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
            {
                yield return new Fault(
                    "a method in a header", request.With(header, seed.Pick([.. known])), "405 method_not_allowed");
            }
        }
    }

    public IEnumerable<Fault> Credentials(string otherToken)
    {
        if (call.Access is CallAccess.Open)
        {
            yield break;
        }

        var bare = call.Good.Without("Authorization");
        var bearer = $"Bearer {otherToken}";
        string[] bad =
        [
            "Bearer x", "Bearer", "Basic YTpi", $"Bearer {seed.Text(40)}.{seed.Text(40)}.{seed.Text(40)}", "bearer  ", $"Token {otherToken}",
            $"{bearer}x", "Bearer eyJhbGciOiJub25lIn0.e30.",
        ];
        foreach (var value in bad)
        {
            yield return new Fault("a bad token", bare.With("Authorization", value), "401 unauthorized");
        }

        yield return new Fault(
            "two tokens", bare.With("Authorization", bearer).With("Authorization", bearer), "401 unauthorized", "400 two_credentials");
        yield return new Fault(
            "a token and a key", bare.With("Authorization", bearer).With("Ocp-Apim-Subscription-Key", "obk_x"), "400 two_credentials");
        if (call.Access is CallAccess.SignedIn)
        {
            yield return new Fault("no credential", bare, "401 unauthorized");
            yield return new Fault(
                "a token and a cookie", bare.With("Authorization", bearer).With("Cookie", $"cb_auth_token={otherToken}"), "400 two_credentials");
            yield return new Fault("a bad cookie", bare.With("Cookie", $"cb_auth_token={seed.Text(30)}"), "401 unauthorized");
            if (call.IsWrite)
            {
                yield return new Fault(
                    "a write by cookie that nobody meant", bare.With("Cookie", $"cb_auth_token={otherToken}"), "403 forbidden");
            }
        }
    }

    public IEnumerable<Fault> Headers()
    {
        if (call.IsJson && call.IsWrite)
        {
            foreach (var key in Keys)
            {
                yield return new Fault("a bad Idempotency-Key", call.Good.With("Idempotency-Key", key), Malformed, "400");
            }

            yield return new Fault("two Idempotency-Keys", call.Good.With("Idempotency-Key", "a").With("Idempotency-Key", "b"), Malformed);
        }

        if (call.Has("If-Match"))
        {
            foreach (var tag in (string[])["x", "\"x\"", "W/\"1\"", "\"-1\"", "\"99999999999999999999\"", "\"999999\""])
            {
                yield return new Fault("an If-Match that names no version", call.Good.With("If-Match", tag), "412 precondition_failed");
            }
        }

        yield return new Fault("a header of 40 KiB", call.Good.With("X-Long", new string('x', 40 * 1024)), "431");
        yield return new Fault(
            "150 headers", Enumerable.Range(0, 150).Aggregate(call.Good, (request, index) => request.With($"X-{index}", "x")), "431");
        yield return new Fault("a path of 10,000 characters", call.Good with { Target = $"{path}?x={new string('x', 10_000)}" }, "414");
        yield return new Fault("a header without a name", call.Good.With("", "x"), "400");
        yield return new Fault("a header name with a blank", call.Good.With("X Y", "x"), "400");
        yield return new Fault("a control character in a header", call.Good.With("X-Y", "a\0b"), "400");
        yield return new Fault("two hosts", call.Good.With("Host", "a").With("Host", "b"), "400");
        yield return new Fault("a host that is none", call.Good.With("Host", "a b"), "400");
        yield return new Fault("a target that is none", call.Good with { Target = path[1..] }, "400", "405");
    }

    /// <summary>The sign-in at an issuer does not exist on a host that has none.</summary>
    private ImmutableArray<string> WrongQuery =>
        path is "/api/auth/login" or "/api/auth/callback" ? [Invalid, NotFound] : [Invalid];

    private static int RequestLimit => RequestBody.MaximumBytes;

    private IEnumerable<string> WrongValues(string name, JsonObject schema)
    {
        if ((string?)schema["type"] is "integer")
        {
            return
            [
                "", "-1", "1.5", "1e1", "x", "%201", "1%20", "+1", "0x10", "NaN", "99999999999999999999", "%D9%A1",
                (long.Parse(schema["minimum"]!.ToJsonString(), CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture),
                (long.Parse(schema["maximum"]!.ToJsonString(), CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture),
            ];
        }

        if (name is "cursor")
        {
            return ["", "!!", "%00", "x", "%27", seed.Text(7), new string('A', 3_000), "eyJhIjoxfQ", "%F0%9F%98%80"];
        }

        if (schema["pattern"] is not null || schema["enum"] is not null || schema["format"] is not null)
        {
            return ["?x", "%27", seed.Text(5) + "!", "-", "2026-13-01T00:00:00Z", "2026-01-01", new string('z', 500)];
        }

        return (int?)schema["maxLength"] is { } longest ? [new string('x', longest + 1)] : [];
    }

    private static string Join(string[] segments, int index, string with) =>
        string.Join('/', segments[..index]) + with + string.Join('/', segments[index..]);

    private static string Nested(int depth) => $"{{\"x\":{new string('[', depth - 1)}{new string(']', depth - 1)}}}";

    private static string Beside(string body, string pair) => body.Length > 2 ? $"{body[..^1]},{pair}}}" : $"{{{pair}}}";

    private static string OfLength(int length) => $$"""{"x":"{{new string('a', length - 8)}}"}""";
}
