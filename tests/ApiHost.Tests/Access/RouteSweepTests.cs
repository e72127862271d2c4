using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Access;
using Xunit;

namespace OpenBitum.Tests.Access;

/// <summary>
/// Walks every route that the running host has, so that one which is added tomorrow is held to the same: who is let in, and that
/// nobody learns of another merchant's things.
/// </summary>
public sealed class RouteSweepTests(SharedServer shared)
{
    /// <summary>Well-formed and nobody's.</summary>
    private const string Unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    /// <summary>Both spellings of the contract.</summary>
    private static readonly string[] Prefixes = ["", "/portalpay"];

    /// <summary>Headers whose values differ from answer to answer.</summary>
    private static readonly HashSet<string> ByNature = new(["X-Request-Id", "Date"], StringComparer.OrdinalIgnoreCase);

    private readonly ApiServer server = shared.Server;

    /// <summary>One method of one mapped route.</summary>
    private sealed record Swept(string Method, RoutePattern Pattern, AccessLevel? Level)
    {
        /// <summary>Such as `/api/merchant/products/{id}`.</summary>
        public string Text => '/' + string.Join('/', Pattern.PathSegments.Select(segment => segment.Parts switch
        {
            [RoutePatternLiteralPart literal] => literal.Content,
            [RoutePatternParameterPart parameter] => $"{{{parameter.Name}}}",
            _ => throw new InvalidOperationException($"{Pattern.RawText} has a segment of several parts."),
        }));

        public bool HasId => Pattern.Parameters.Count > 0;

        public bool IsWrite => Method is not ("GET" or "HEAD");

        /// <summary>What the first id names: the segment before it.</summary>
        public string Collection => Text.Split('/').TakeWhile(segment => !segment.StartsWith('{')).Last();

        public string PathWith(string id) =>
            string.Join('/', Text.Split('/').Select(segment => segment.StartsWith('{') ? id : segment));

        public override string ToString() => $"{Method} {Text}";
    }

    [Fact]
    public void Every_route_has_a_policy()
    {
        Assert.True(Routes().Count() > 30);
        Assert.DoesNotContain(Routes(), route => route.Level is null);
    }

    [Fact]
    public async Task Nobody_is_let_in_without_credentials_and_is_told_how_to_send_them()
    {
        var wrong = new List<string>();
        foreach (var route in Routes().Where(route => route.Level is AccessLevel.SignedIn or AccessLevel.Admin or AccessLevel.Operator))
        {
            foreach (var prefix in Prefixes)
            {
                var nobody = await Send(route, prefix + route.PathWith($"x_{Unknown}"), null);
                if (nobody.Status is not HttpStatusCode.Unauthorized || nobody.Headers["WWW-Authenticate"] != "Bearer"
                    || (route.Method != "HEAD" && nobody.Error != "unauthorized"))
                {
                    wrong.Add($"{route} under '{prefix}': {Comparable(nobody)}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    [Fact]
    public async Task A_role_that_is_not_the_routes_is_refused_whatever_the_id()
    {
        var wrong = new List<string>();
        foreach (var route in Routes().Where(route => route.Level is AccessLevel.Admin or AccessLevel.Operator))
        {
            var others = route.Level is AccessLevel.Admin ? new[] { "operator", "customer" } : ["admin", "customer"];
            foreach (var (role, prefix) in others.SelectMany(role => Prefixes.Select(prefix => (role, prefix))))
            {
                var refused = await Send(route, prefix + route.PathWith($"x_{Unknown}"), server.Token([role]));
                if (refused.Status is not HttpStatusCode.Forbidden || (route.Method != "HEAD" && refused.Error != "forbidden"))
                {
                    wrong.Add($"{route} under '{prefix}' for {role}: {Comparable(refused)}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    [Fact]
    public async Task Another_merchants_id_is_answered_exactly_like_one_that_does_not_exist()
    {
        var wrong = new List<string>();
        foreach (var route in Routes().Where(route => route.HasId && route.Level is AccessLevel.Admin or AccessLevel.Operator))
        {
            if (!RealThings.Makers.TryGetValue(route.Collection, out var make))
            {
                wrong.Add($"{route}: RealThings does not know how to make one of '{route.Collection}'.");
                continue;
            }

            var owner = ApiServer.NewMerchant();
            var id = await make(server, owner);
            var stranger = server.Token(["admin", "operator"], ApiServer.NewMerchant());
            foreach (var prefix in Prefixes)
            {
                var unknown = await Send(route, prefix + route.PathWith(OfNobody(id)), stranger);
                if (unknown.Status is not HttpStatusCode.NotFound
                    || (route.Method != "HEAD" && unknown.Body != """{"error":"not_found"}"""))
                {
                    wrong.Add($"{route} under '{prefix}' for an unknown id: {Comparable(unknown)}");
                }

                foreach (var other in Malformed(id).Prepend(id))
                {
                    var answer = await Send(route, prefix + route.PathWith(other), stranger);
                    if (Comparable(answer) != Comparable(unknown))
                    {
                        wrong.Add($"{route} under '{prefix}' for '{other}' instead of '{OfNobody(id)}':\n{Comparable(answer)}\n{Comparable(unknown)}");
                    }
                }
            }

            // Or else nothing was proven: the id is real, and the stranger's writes have left it so.
            var own = await Send(route, route.PathWith(id), server.Token(["admin", "operator"], owner));
            if (own.Status is HttpStatusCode.NotFound || (int)own.Status >= 500)
            {
                wrong.Add($"{route} for its owner: {Comparable(own)}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    private IEnumerable<Swept> Routes() =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()
        let level = endpoint.Metadata.GetMetadata<AccessPolicy>()?.Level
        from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select new Swept(method, endpoint.RoutePattern, level);

    private Task<Reply> Send(Swept route, string path, string? token)
    {
        var body = route.IsWrite && route.Method != "DELETE"
            ? ApiServer.Json(RealThings.Bodies.GetValueOrDefault(route.ToString(), "{}"))
            : null;
        return server.Send(new HttpMethod(route.Method), path, body, token);
    }

    /// <summary>Status, body and every header; those of ByNature count by their length.</summary>
    private static string Comparable(Reply reply) => string.Join('\n',
        reply.Headers.OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
            .Select(header => ByNature.Contains(header.Key)
                ? $"{header.Key}: {header.Value.Length.ToString(CultureInfo.InvariantCulture)} characters"
                : $"{header.Key}: {header.Value}")
            .Prepend($"{(int)reply.Status}").Append(reply.Body));

    private static string OfNobody(string id) => id[..(id.IndexOf('_', StringComparison.Ordinal) + 1)] + Unknown;

    private static string[] Malformed(string id) =>
    [
        "x", id.ToLowerInvariant(), id[..^1], id + "0", id[..^1] + "U", $"zzz_{Unknown}", Unknown,
        "%20" + id, id + "%20", "%2e%2e%2f" + id, id + ";x=1", "%C3%A9", new string('9', 2000),
    ];
}
