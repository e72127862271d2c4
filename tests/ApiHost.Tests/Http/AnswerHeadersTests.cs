using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Access;
using Xunit;

namespace OpenBitum.Tests.Http;

/// <summary>What every answer says to a browser and to caches, whatever the route, the caller and the outcome.</summary>
public sealed class AnswerHeadersTests
{
    private const string Unknown = "x_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    [Fact]
    public async Task Every_route_answers_with_the_headers_whatever_it_answers()
    {
        // One of its own: among all that is called is what reorganises the chain, on which others sell.
        await using var local = await ApiServer.Start();
        await using var published = await ApiServer.Start(new()
        {
            ["PublicBaseUrl"] = "https://shop.example",
            ["Chains:SANDBOX:Enabled"] = "true",
            ["Cors:Origins:0"] = "https://www.shop.example",
        });
        var wrong = new List<string>();
        var count = 0;
        foreach (var (server, isPublished) in new[] { (local, false), (published, true) })
        {
            string?[] callers = [null, server.Token(["admin", "operator"], ApiServer.NewMerchant()), "nonsense"];
            foreach (var (method, path, level) in Routes(server))
            {
                foreach (var token in callers)
                {
                    var body = method is "GET" or "HEAD" or "DELETE" ? null : ApiServer.Json("{}");
                    var reply = await server.Send(new HttpMethod(method), path, body, token);
                    wrong.AddRange(Problems(reply, isPublished, level).Select(problem => $"{method} {path} ({(int)reply.Status}): {problem}"));
                    count++;
                }
            }

            foreach (var (method, path) in Misses)
            {
                var reply = await server.Send(new HttpMethod(method), path, null);
                wrong.AddRange(Problems(reply, isPublished, null).Select(problem => $"{method} {path} ({(int)reply.Status}): {problem}"));
            }
        }

        Assert.True(count > 200, $"{count} answers were looked at.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct()));
    }

    private static (string Method, string Path)[] Misses =>
    [
        ("GET", "/"), ("GET", "/api/nothing"), ("PUT", "/api/products"), ("TRACE", "/api/products"), ("OPTIONS", "/api/products"),
        ("HEAD", "/nothing"), ("GET", "/favicon.ico"), ("GET", "/checkout/x"), ("POST", "/checkout/x"), ("GET", "/api/products?x=1"),
        ("GET", "/portalpay/api/nothing"), ("BREW", "/sign-in"),
    ];

    private static IEnumerable<string> Problems(Reply reply, bool isPublished, AccessLevel? level)
    {
        var headers = reply.Headers;
        string Of(string name) => headers.GetValueOrDefault(name, "");
        var policy = Of("Content-Security-Policy");
        var isPage = Of("Content-Type").StartsWith("text/html", StringComparison.Ordinal);

        (bool Holds, string Problem)[] rules =
        [
            (Of("X-Request-Id").Length > 0 && !Of("X-Request-Id").Contains(','), "one X-Request-Id"),
            (Of("X-Content-Type-Options") == "nosniff", "nosniff"),
            (Of("Referrer-Policy") == "no-referrer", "Referrer-Policy"),
            (Of("X-Frame-Options") == "DENY", "X-Frame-Options"),
            (Of("Cross-Origin-Resource-Policy") == "same-origin", "Cross-Origin-Resource-Policy"),
            (Of("Permissions-Policy").Contains("camera=()", StringComparison.Ordinal), "Permissions-Policy"),
            (isPage || policy == "default-src 'none'; frame-ancestors 'none'", $"the API's policy, not '{policy}'"),
            (policy.StartsWith("default-src 'none'", StringComparison.Ordinal), "nothing from anywhere"),
            (policy.Contains("frame-ancestors 'none'", StringComparison.Ordinal), "no frames"),
            (!policy.Contains("unsafe", StringComparison.Ordinal) && !policy.Contains('*'), "nothing unsafe in the policy"),
            (!isPage || (policy.Contains("base-uri 'none'", StringComparison.Ordinal)
                && policy.Contains("form-action 'self'", StringComparison.Ordinal)), "a page's policy for forms and base"),
            (Of("Strict-Transport-Security") == (isPublished ? "max-age=31536000" : ""), "HSTS where TLS is, and nowhere else"),
            (!headers.ContainsKey("Server") && !headers.ContainsKey("X-Powered-By"), "no name of a server"),
            (Of("Cache-Control").Length > 0, "Cache-Control"),
            (IsPrivate(Of("Cache-Control")) || !(level is AccessLevel.Admin or AccessLevel.SignedIn or AccessLevel.Operator || (int)reply.Status >= 400),
                $"Cache-Control of private data, not '{Of("Cache-Control")}'"),
        ];
        return rules.Where(rule => !rule.Holds).Select(rule => rule.Problem);
    }

    private static bool IsPrivate(string cacheControl) =>
        cacheControl == "no-store" || cacheControl.StartsWith("private", StringComparison.Ordinal);

    private static IEnumerable<(string Method, string Path, AccessLevel? Level)> Routes(ApiServer server) =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()
        let path = string.Join('/', endpoint.RoutePattern.RawText!.Split('/').Select(segment => segment.StartsWith('{') ? Unknown : segment))
        from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        from prefix in path.StartsWith("/api/", StringComparison.Ordinal) ? new[] { "", "/portalpay" } : [""]
        select (method, prefix + path, endpoint.Metadata.GetMetadata<AccessPolicy>()?.Level);
}
