using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenBitum.Tests.Access;

/// <summary>How the route sweep gets a real thing of a merchant, by the segment that stands before its id in a path.</summary>
internal static class RealThings
{
    /// <summary>Makes one for a merchant and gives its id; a new merchant route with an id gets its line here.</summary>
    public static IReadOnlyDictionary<string, Func<ApiServer, string, Task<string>>> Makers { get; } =
        new Dictionary<string, Func<ApiServer, string, Task<string>>>
        {
            ["products"] = (server, merchant) => server.NewProduct(merchant),
            ["orders"] = Order,
            ["customers"] = async (server, merchant) =>
                (await server.Get($"/api/merchant/orders/{await Order(server, merchant)}", server.Admin(merchant))).Text("customerId"),
            ["webhooks"] = Webhook,
            ["deliveries"] = async (server, merchant) =>
            {
                var path = $"/api/merchant/webhooks/{await Webhook(server, merchant)}/test";
                return (await server.Send(HttpMethod.Post, path, null, server.Admin(merchant))).Text("deliveryId");
            },
            ["keys"] = (server, merchant) => Create(server, merchant, "keys", """{"name":"till","scopes":["shop:read"]}"""),
        };

    /// <summary>What a write is sent with where `{}` is refused before the id is looked at; by method and pattern.</summary>
    public static IReadOnlyDictionary<string, string> Bodies { get; } = new Dictionary<string, string>();

    private static async Task<string> Order(ApiServer server, string merchant) =>
        await server.NewOrder(await server.NewProduct(merchant));

    private static Task<string> Webhook(ApiServer server, string merchant) =>
        Create(server, merchant, "webhooks", """{"url":"http://127.0.0.1:8080/","events":["*"]}""");

    private static async Task<string> Create(ApiServer server, string merchant, string collection, string body)
    {
        var created = await server.Post($"/api/merchant/{collection}", JsonNode.Parse(body)!, server.Admin(merchant));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        return created.Text("id");
    }
}
