using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Xunit;

namespace OpenBitum.Tests.Idempotency;

/// <summary>The process dies when a change of what is there has been written, and before its answer is: its caller can only repeat it.</summary>
public sealed class UnansweredChangeTests : IAsyncLifetime
{
    private const string Shop = "/api/shop/config";
    private const string Site = "/api/site/config";

    private readonly Death death = new();
    private ApiServer server = null!;

    public async ValueTask InitializeAsync() =>
        server = await ApiServer.Start(replace: services => services.AddSingleton<IOutgoingGrainCallFilter>(death));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_shop_s_change_that_is_repeated_is_not_refused_for_itself()
    {
        var made = await Change(HttpMethod.Post, Shop, """{"name":"First"}""");
        await DieAt(HttpMethod.Post, Shop, """{"name":"Second"}""", made);

        var repeated = await Change(HttpMethod.Post, Shop, """{"name":"Second"}""", made);

        Assert.Equal((HttpStatusCode.OK, "Second"), (repeated.Status, repeated.Text("config.name")));
        Assert.Equal((await server.Get(Shop, server.Admin())).Headers["ETag"], repeated.Headers["ETag"]);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Change(HttpMethod.Post, Shop, """{"name":"Third"}""", made, "other")).Status);
    }

    [Fact]
    public async Task A_repeated_change_does_not_undo_what_another_has_changed_since()
    {
        var made = await Change(HttpMethod.Post, Shop, """{"name":"First"}""");
        await DieAt(HttpMethod.Post, Shop, """{"name":"Second","bio":"ours"}""");
        await Change(HttpMethod.Post, Shop, """{"name":"Third"}""");

        var repeated = await Change(HttpMethod.Post, Shop, """{"name":"Second","bio":"ours"}""", key: "k");

        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Equal((HttpStatusCode.OK, "Third", "ours"), (repeated.Status, repeated.Text("config.name"), repeated.Text("config.bio")));
    }

    [Fact]
    public async Task A_shop_that_moves_to_another_slug_is_not_refused_for_itself()
    {
        var made = await Change(HttpMethod.Post, Shop, """{"slug":"first-slug"}""");
        await DieAt(HttpMethod.Post, Shop, """{"slug":"second-slug"}""", made);

        Assert.Equal("second-slug", (await Change(HttpMethod.Post, Shop, """{"slug":"second-slug"}""", made)).Text("config.slug"));
    }

    [Fact]
    public async Task A_slug_that_was_refused_is_decided_anew()
    {
        var stranger = server.Admin(ApiServer.NewMerchant());
        await server.Post(Shop, new JsonObject { ["slug"] = "wanted" }, stranger);
        var made = await Change(HttpMethod.Post, Shop, """{"name":"First"}""");
        Assert.Equal("slug_taken", (await Change(HttpMethod.Post, Shop, """{"slug":"wanted"}""", made)).Error);
        await server.Post(Shop, new JsonObject { ["slug"] = null }, stranger);

        Assert.Equal("wanted", (await Change(HttpMethod.Post, Shop, """{"slug":"wanted"}""", made)).Text("config.slug"));
    }

    [Fact]
    public async Task A_change_of_the_site_that_is_repeated_is_not_refused_for_itself()
    {
        var seen = await server.Get(Site);
        await DieAt(HttpMethod.Post, Site, """{"processingFeePct":1}""", seen);

        var repeated = await Change(HttpMethod.Post, Site, """{"processingFeePct":1}""", seen);

        Assert.Equal((HttpStatusCode.OK, "1"), (repeated.Status, repeated.Text("config.processingFeePct")));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Change(HttpMethod.Post, Site, "{}", seen, "other")).Status);
    }

    [Fact]
    public async Task A_change_of_a_product_that_is_repeated_is_not_refused_for_itself()
    {
        var path = $"/api/merchant/products/{await server.NewProduct()}";
        var seen = await server.Get(path, server.Admin());
        await DieAt(HttpMethod.Patch, path, """{"name":"Renamed"}""", seen);

        var repeated = await Change(HttpMethod.Patch, path, """{"name":"Renamed"}""", seen);

        Assert.Equal((HttpStatusCode.OK, "Renamed", "\"2\""), (repeated.Status, repeated.Text("name"), repeated.Headers["ETag"]));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Change(HttpMethod.Patch, path, """{"name":"Late"}""", seen, "other")).Status);
    }

    private async Task DieAt(HttpMethod method, string path, string body, Reply? seen = null)
    {
        death.IsNear = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Change(method, path, body, seen, "k")).Status);
        await server.Restart();
    }

    /// <param name="method">Of the request.</param>
    /// <param name="path">Of the request.</param>
    /// <param name="body">JSON.</param>
    /// <param name="seen">What the caller has seen and means to change.</param>
    /// <param name="key">The Idempotency-Key; null: one where something was seen.</param>
    private Task<Reply> Change(HttpMethod method, string path, string body, Reply? seen = null, string? key = null)
    {
        (string, string)[] headers = [];
        if (seen is not null)
        {
            headers = [("If-Match", seen.Headers["ETag"]), ("Idempotency-Key", key ?? "k")];
        }
        else if (key is not null)
        {
            headers = [("Idempotency-Key", key)];
        }

        return server.Send(method, path, ApiServer.Json(body), server.Token(["admin", "operator"]), headers);
    }
}
