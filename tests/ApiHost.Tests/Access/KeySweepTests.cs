using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Access;
using Xunit;

namespace OpenBitum.Tests.Access;

/// <summary>Shows a subscription key on every route that the running host has.</summary>
public sealed class KeySweepTests(SharedServer shared)
{
    private const string Header = "Ocp-Apim-Subscription-Key";

    private readonly ApiServer server = shared.Server;
    private readonly string merchant = ApiServer.NewMerchant();

    [Fact]
    public void Only_reads_are_open_to_keys_and_only_by_scopes_that_exist()
    {
        Assert.Contains(Routes(), route => route.Scope is not null);
        Assert.DoesNotContain(
            Routes(), route => route.Scope is not null && (route.IsWrite || !KeyScope.All.Contains(route.Scope)));
    }

    [Fact]
    public async Task A_key_with_every_scope_reads_what_routes_open_to_it_and_what_anybody_reads_and_nothing_else()
    {
        var key = await Key(KeyScope.All);
        var wrong = new List<string>();
        foreach (var route in Routes())
        {
            var status = await Send(route, key);
            var isLetIn = status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden);
            if (isLetIn != route.IsOpenToKeys || (!isLetIn && status is not HttpStatusCode.Forbidden))
            {
                wrong.Add($"{route} answers {status}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task A_key_without_the_routes_own_scope_is_refused()
    {
        var wrong = new List<string>();
        foreach (var routes in Routes().Where(route => route.Scope is not null).GroupBy(route => route.Scope!))
        {
            var key = await Key(KeyScope.All.Where(scope => scope != routes.Key));
            foreach (var route in routes)
            {
                if (await Send(route, key) is var status and not HttpStatusCode.Forbidden)
                {
                    wrong.Add($"{route} answers {status} without {routes.Key}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task Whoever_always_sends_a_key_reads_what_anybody_reads()
    {
        var key = await Key([KeyScope.OrdersRead]);
        var order = await server.NewOrder(await server.NewProduct(merchant));
        var made = await Make([KeyScope.OrdersRead]);
        var revoked = made.Text("key");
        await server.Send(HttpMethod.Delete, $"/api/merchant/keys/{made.Text("id")}", null, server.Admin(merchant));

        var shown = await server.Get($"/api/orders/{order}", null, (Header, key));

        // As anybody sees it: the key gives nothing more.
        Assert.Equal(HttpStatusCode.OK, shown.Status);
        Assert.Equal((await server.Get($"/api/orders/{order}")).Headers["ETag"], shown.Headers["ETag"]);
        Assert.Null(shown.Json["email"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get($"/api/orders/{order}", null, (Header, revoked))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get($"/api/orders/{order}", null, (Header, $"{key}x"))).Status);
    }

    private IEnumerable<Swept> Routes() =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let level = endpoint.Metadata.GetRequiredMetadata<AccessPolicy>().Level
        where level != AccessLevel.Open
        from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select new Swept(
            method, endpoint.RoutePattern.RawText!, endpoint.Metadata.GetMetadata<KeyAccess>()?.Scope, level is AccessLevel.Public);

    private async Task<HttpStatusCode> Send(Swept route, string key)
    {
        var path = route.Pattern.Replace("{id}", "none", StringComparison.Ordinal);
        Assert.DoesNotContain('{', path);
        var body = route.IsWrite ? ApiServer.Json("{}") : null;
        return (await server.Send(new HttpMethod(route.Method), path, body, null, (Header, key))).Status;
    }

    private async Task<string> Key(IEnumerable<string> scopes) => (await Make(scopes)).Text("key");

    private async Task<Reply> Make(IEnumerable<string> scopes)
    {
        var body = new JsonObject { ["name"] = "sweep", ["scopes"] = new JsonArray([.. scopes.Select(scope => (JsonNode)scope)]) };
        var made = await server.Post("/api/merchant/keys", body, server.Admin(merchant));
        Assert.Equal(HttpStatusCode.Created, made.Status);
        return made;
    }

    /// <param name="Method">One of the route's.</param>
    /// <param name="Pattern">Such as `/api/merchant/products/{id}`.</param>
    /// <param name="Scope">Null: none opens it.</param>
    /// <param name="IsPublic">Anybody may call it.</param>
    private sealed record Swept(string Method, string Pattern, string? Scope, bool IsPublic)
    {
        public bool IsOpenToKeys => Scope is not null || (IsPublic && !IsWrite);

        public bool IsWrite => Method is not ("GET" or "HEAD");

        public override string ToString() => $"{Method} {Pattern}";
    }
}
