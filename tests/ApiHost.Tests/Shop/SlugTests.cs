using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenBitum.Tests.Shop;

public sealed class SlugTests(SharedServer shared)
{
    private const string Path = "/api/shop/config";

    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task One_of_many_merchants_who_want_a_slug_at_the_same_moment_gets_it()
    {
        var slug = NewSlug();
        var merchants = Enumerable.Range(0, 32).Select(_ => ApiServer.NewMerchant()).ToArray();

        var replies = await Task.WhenAll(merchants.Select(merchant => Want(merchant, slug)));

        var winner = Array.FindIndex(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        foreach (var reply in replies.Where(reply => reply.Status != HttpStatusCode.OK))
        {
            Assert.Equal(HttpStatusCode.Conflict, reply.Status);
            Assert.Equal("slug_taken", reply.Error);
        }

        Assert.Equal(merchants[winner], (await server.Get($"{Path}?slug={slug}")).Text("config.name"));
        for (var index = 0; index < merchants.Length; index++)
        {
            // A refusal makes no shop and changes none.
            var own = await server.Get(Path, server.Admin(merchants[index]));
            Assert.Equal(index == winner ? HttpStatusCode.OK : HttpStatusCode.NotFound, own.Status);
        }
    }

    [Fact]
    public async Task Merchants_who_swap_slugs_all_the_time_never_share_one()
    {
        var slugs = Enumerable.Range(0, 3).Select(_ => NewSlug()).ToArray();
        var merchants = Enumerable.Range(0, 6).Select(_ => ApiServer.NewMerchant()).ToArray();
        await Task.WhenAll(merchants.Select(async (merchant, index) =>
        {
            for (var round = 0; round < 6; round++)
            {
                var reply = await Want(merchant, round % 3 == 2 ? null : slugs[(index + round) % slugs.Length]);
                Assert.True(reply.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, reply.Body);
            }
        }));

        var held = new List<string>();
        foreach (var merchant in merchants)
        {
            var own = await server.Get(Path, server.Admin(merchant));
            if (own.Json["config"]?["slug"]?.GetValue<string>() is { } slug)
            {
                held.Add(slug);
                Assert.Equal(merchant, (await server.Get($"{Path}?slug={slug}")).Text("config.name"));
            }
        }

        Assert.Equal(held.Distinct(), held);
        foreach (var slug in slugs.Except(held))
        {
            Assert.Equal(HttpStatusCode.NotFound, (await server.Get($"{Path}?slug={slug}")).Status);
        }
    }

    [Fact]
    public async Task A_slug_that_was_given_up_is_anybodys()
    {
        var (first, second) = (ApiServer.NewMerchant(), ApiServer.NewMerchant());
        var (old, next) = (NewSlug(), NewSlug());
        Assert.Equal(HttpStatusCode.OK, (await Want(first, old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Want(first, old)).Status);
        Assert.Equal("slug_taken", (await Want(second, old)).Error);

        Assert.Equal(HttpStatusCode.OK, (await Want(first, next)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Get($"{Path}?slug={old}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Want(second, old)).Status);

        Assert.Equal(second, (await server.Get($"{Path}?slug={old}")).Text("config.name"));
        Assert.Equal(first, (await server.Get($"{Path}?slug={next}")).Text("config.name"));
    }

    [Fact]
    public async Task A_taken_slug_changes_nothing_else_of_the_request()
    {
        var (first, second) = (ApiServer.NewMerchant(), ApiServer.NewMerchant());
        var (taken, own) = (NewSlug(), NewSlug());
        await Want(first, taken);
        await Want(second, own);
        var before = await server.Get(Path, server.Admin(second));

        var refused = await server.Post(Path, new JsonObject { ["bio"] = "new", ["slug"] = taken }, server.Admin(second));

        Assert.Equal("slug_taken", refused.Error);
        Assert.Equal(before.Body, (await server.Get(Path, server.Admin(second))).Body);
        Assert.Equal(second, (await server.Get($"{Path}?slug={own}")).Text("config.name"));
    }

    [Fact]
    public async Task A_slug_survives_a_restart()
    {
        await using var own = await ApiServer.Start();
        var made = await own.Post(Path, new JsonObject { ["slug"] = "0123456789abcdef" }, own.Admin("deadbeef"));
        Assert.Equal(HttpStatusCode.OK, made.Status);

        await own.Restart();

        Assert.Equal("0123456789abcdef", (await own.Get($"{Path}?slug=0123456789abcdef")).Text("config.slug"));
        Assert.Equal("slug_taken", (await own.Post(Path, new JsonObject { ["slug"] = "0123456789abcdef" }, own.Admin("other"))).Error);
    }

    private Task<Reply> Want(string merchant, string? slug) =>
        server.Post(Path, new JsonObject { ["name"] = merchant, ["slug"] = slug }, server.Admin(merchant));

    private static string NewSlug() => $"slug-{ApiServer.NewMerchant().ToLowerInvariant()}";
}
