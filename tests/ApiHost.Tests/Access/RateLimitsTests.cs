using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Settings;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Access;

public sealed class RateLimitsTests
{
    private const string KeyHeader = "Ocp-Apim-Subscription-Key";
    private const string Products = "/api/products";
    private const string Session = "/api/auth/session";
    private const string Checkout = "/api/checkout/initiate";

    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Of_parallel_calls_with_a_key_exactly_its_limit_is_answered()
    {
        await using var server = await Start(("KeyPerMinute", "100"));
        var key = await Key(server);

        var replies = await Task.WhenAll(Enumerable.Range(0, 250).Select(_ => server.Get("/api/merchant/products", null, (KeyHeader, key))));

        var answered = replies.Where(reply => reply.Status is HttpStatusCode.OK).ToArray();
        Assert.Equal(Enumerable.Range(0, 100), answered.Select(Remaining).Order());
        Assert.All(replies.Except(answered), reply => IsLimited(reply, 100, 60));
        Assert.Equal(150, replies.Length - answered.Length);
    }

    [Fact]
    public async Task A_keys_minute_begins_with_its_first_call_and_another_key_has_its_own()
    {
        await using var server = await Start(("KeyPerMinute", "2"));
        var (key, other) = (await Key(server), await Key(server));

        Standing(await With(key), 2, 1, 60);
        clock.Advance(TimeSpan.FromSeconds(20));
        Standing(await With(key), 2, 0, 40);
        clock.Advance(TimeSpan.FromMilliseconds(39_999));
        IsLimited(await With(key), 2, 1);
        Standing(await With(other), 2, 1, 60);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Standing(await With(key), 2, 1, 60);

        Task<Reply> With(string shown) => server.Get(Products, null, (KeyHeader, shown), From("203.0.113.1"));
    }

    [Fact]
    public async Task Every_answer_to_a_key_is_counted_whatever_it_is()
    {
        await using var server = await Start(("KeyPerMinute", "100"));
        var key = await Key(server);
        var tag = (await server.Get(Products, null, (KeyHeader, key))).Headers["ETag"];

        var unchanged = await server.Get(Products, null, (KeyHeader, key), ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.Status);
        Standing(unchanged, 100, 98, 60);
        Standing(await server.Get($"{Products}/nothing", null, (KeyHeader, key)), 100, 97, 60);
        Standing(await server.Get($"{Products}?limit=0", null, (KeyHeader, key)), 100, 96, 60);
        Standing(await server.Get("/api/merchant/orders", null, (KeyHeader, key)), 100, 95, 60);
        Standing(await server.Post(Checkout, new JsonObject(), null, (KeyHeader, key)), 100, 94, 60);
        Standing(await server.Send(HttpMethod.Head, $"/portalpay{Products}", null, null, (KeyHeader, key)), 100, 93, 60);
    }

    [Fact]
    public async Task Public_routes_are_counted_together_by_client_address()
    {
        await using var server = await Start(("PublicPerMinutePerAddress", "4"));
        var here = From("203.0.113.1");

        Standing(await server.Get(Products, null, here), 4, 3, 60);
        Standing(await server.Get($"/portalpay{Products}?limit=0", null, here), 4, 2, 60);
        Standing(await server.Get("/api/orders/ord_01JD0000000000000000000000", server.Admin(), here), 4, 1, 60);
        Standing(await server.Get("/checkout/ord_01JD0000000000000000000000", null, here), 4, 0, 60);
        IsLimited(await server.Get(Products, null, here), 4, 60);
        IsLimited(await server.Get(Products, server.Admin(), here), 4, 60);
        IsLimited(await server.Get(Products, "no token", here), 4, 60);

        Standing(await server.Get(Products, null, From("203.0.113.2")), 4, 3, 60);
        clock.Advance(TimeSpan.FromSeconds(60));
        Standing(await server.Get(Products, null, here), 4, 3, 60);
    }

    [Theory]
    [InlineData("no key at all")]
    [InlineData(null)]
    public async Task A_key_does_not_lift_the_limit_of_a_page_where_nobody_looks_at_it(string? shown)
    {
        await using var server = await Start(("PublicPerMinutePerAddress", "3"));
        (string, string) key = (KeyHeader, shown ?? await Key(server));
        const string page = "/checkout/ord_01JD0000000000000000000000";

        Standing(await server.Get(page, null, key, From("203.0.113.1")), 3, 2, 60);
        Standing(await server.Send(HttpMethod.Head, page, null, null, key, From("203.0.113.1")), 3, 1, 60);
        Standing(await server.Post(page, new JsonObject(), null, key, From("203.0.113.1")), 3, 0, 60);
        IsLimited(await server.Get(page, null, key, From("203.0.113.1")), 3, 60);
    }

    [Fact]
    public async Task Nobody_guesses_the_code_of_a_sign_in_without_a_limit()
    {
        await using var server = await Start(("PublicPerMinutePerAddress", "2"));
        var guess = new JsonObject { ["code"] = "0000" };

        for (var call = 0; call < 2; call++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Post(Session, guess, null, From("2001:db8:1:1::1"))).Status);
        }

        IsLimited(await server.Post(Session, guess, null, From("2001:db8:1:1::2")), 2, 60);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Post(Session, guess, null, From("2001:db8:1:2::1"))).Status);
    }

    [Fact]
    public async Task Checkouts_have_a_limit_of_their_own()
    {
        await using var server = await Start(("PublicPerMinutePerAddress", "2"), ("CheckoutPerMinutePerAddress", "1"));
        var here = From("203.0.113.1");

        Standing(await server.Post(Checkout, new JsonObject(), null, here), 1, 0, 60);
        IsLimited(await server.Post(Checkout, new JsonObject(), null, here), 1, 60);
        Standing(await server.Get(Products, null, here), 2, 1, 60);
    }

    [Fact]
    public async Task A_key_takes_nothing_from_its_address_and_an_address_nothing_from_a_key()
    {
        await using var server = await Start(("PublicPerMinutePerAddress", "1"), ("KeyPerMinute", "2"));
        var key = await Key(server);
        var here = From("203.0.113.1");

        Standing(await server.Get(Products, null, here), 1, 0, 60);
        IsLimited(await server.Get(Products, null, here), 1, 60);
        Standing(await server.Get(Products, null, here, (KeyHeader, key)), 2, 1, 60);
        Standing(await server.Get(Products, null, From("203.0.113.2"), (KeyHeader, key)), 2, 0, 60);
        IsLimited(await server.Get(Products, null, From("203.0.113.3"), (KeyHeader, key)), 2, 60);
        Standing(await server.Get(Products, null, From("203.0.113.3")), 1, 0, 60);
    }

    [Fact]
    public async Task Guessing_keys_is_limited_by_address_and_spends_no_key()
    {
        await using var server = await Start(("PublicPerMinutePerAddress", "3"), ("KeyPerMinute", "5"));
        var key = await Key(server);
        var wrong = key[..^1] + (key[^1] == '0' ? '1' : '0');
        var here = From("203.0.113.1");
        string[] guesses = [wrong, "x", $"{key},{key}"];

        for (var call = 0; call < guesses.Length; call++)
        {
            var refused = await server.Get("/api/merchant/products", null, here, (KeyHeader, guesses[call]));
            Assert.True(refused.Status is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest);
            Standing(refused, 3, 2 - call, 60);
        }

        IsLimited(await server.Get("/api/merchant/products", null, here, (KeyHeader, wrong)), 3, 60);
        IsLimited(await server.Get(Products, null, here, (KeyHeader, wrong)), 3, 60);
        Standing(await server.Get(Products, null, From("203.0.113.2"), (KeyHeader, key)), 5, 4, 60);
        clock.Advance(TimeSpan.FromSeconds(60));
        Standing(await server.Get(Products, null, here, (KeyHeader, key)), 5, 4, 60);
    }

    [Fact]
    public async Task Guessing_tokens_is_limited_by_address_on_every_route()
    {
        await using var server = await Start(("PublicPerMinutePerAddress", "3"));
        var here = From("203.0.113.1");
        const string merchants = "/api/merchant/products";
        var (token, fresh) = (server.Admin(), server.Token(["admin"], subject: "fresh"));

        // What is right counts nothing, and what is missing is no guess.
        Assert.Equal(HttpStatusCode.OK, (await server.Get(merchants, token, here)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(merchants, null, here)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Get(merchants, server.Token(["customer"]), here)).Status);
        Standing(await server.Get(merchants, "guess.1.x", here), 3, 2, 60);
        Standing(await server.Get(merchants, null, here, ("Cookie", "cb_auth_token=guess")), 3, 1, 60);
        Standing(await server.Get(merchants, null, here, (KeyHeader, "guess")), 3, 0, 60);

        IsLimited(await server.Get(merchants, "guess.4.x", here), 3, 60);
        IsLimited(await server.Get("/api/customer/entitlements", "guess.4.x", here), 3, 60);
        IsLimited(await server.Get(merchants, null, here, (KeyHeader, "guess")), 3, 60);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(merchants, "guess.4.x", From("203.0.113.2"))).Status);

        // Who was here before goes on beside the guesser; who comes first now waits for the minute, as a guess would.
        Assert.Equal(HttpStatusCode.OK, (await server.Get(merchants, token, here)).Status);
        IsLimited(await server.Get(merchants, fresh, here), 3, 60);
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await server.Get(merchants, fresh, here)).Status);
    }

    [Fact]
    public async Task A_key_that_was_right_goes_on_beside_a_guesser_until_it_is_revoked()
    {
        await using var server = await Start(("PublicPerMinutePerAddress", "2"), ("KeyPerMinute", "100"));
        var here = From("203.0.113.1");
        var made = await server.Post(
            "/api/merchant/keys", new JsonObject { ["name"] = "x", ["scopes"] = new JsonArray("products:read") }, server.Admin());
        var key = (KeyHeader, made.Text("key"));
        await server.Get(Products, null, here, key);
        await server.Get(Products, null, here, (KeyHeader, "guess"));
        await server.Get(Products, null, here, (KeyHeader, "guess"));
        IsLimited(await server.Get(Products, null, here, (KeyHeader, "guess")), 2, 60);

        Standing(await server.Get(Products, null, here, key), 100, 98, 60);
        await server.Send(HttpMethod.Delete, $"/api/merchant/keys/{made.Text("id")}", null, server.Admin());
        var revoked = await server.Get(Products, null, here, key);
        Assert.Equal(HttpStatusCode.Unauthorized, revoked.Status);
        Standing(revoked, 2, 0, 60);
        IsLimited(await server.Get(Products, null, here, key), 2, 60);
    }

    [Fact]
    public async Task What_needs_a_token_and_what_monitors_ask_has_no_limit_by_address()
    {
        await using var server = await Start(("PublicPerMinutePerAddress", "1"));
        var here = From("203.0.113.1");

        for (var call = 0; call < 3; call++)
        {
            var merchants = await server.Get("/api/merchant/products", server.Admin(), here);
            Assert.Equal((HttpStatusCode.OK, false), (merchants.Status, merchants.Headers.ContainsKey("X-RateLimit-Limit")));
            Assert.Equal(HttpStatusCode.OK, (await server.Get("/healthz", null, here)).Status);
        }
    }

    [Fact]
    public async Task Zero_is_no_limit()
    {
        await using var server = await Start(
            ("PublicPerMinutePerAddress", "0"), ("KeyPerMinute", "0"), ("CheckoutPerMinutePerAddress", "0"));
        var key = await Key(server);

        Reply[] replies =
        [
            await server.Get(Products, null, From("203.0.113.1")),
            await server.Get(Products, null, (KeyHeader, key)),
            await server.Get(Products, null, (KeyHeader, "wrong")),
            await server.Post(Checkout, new JsonObject(), null, From("203.0.113.1")),
        ];

        Assert.All(replies, reply => Assert.False(reply.Headers.ContainsKey("X-RateLimit-Limit")));
    }

    [Fact]
    public async Task On_ones_own_machine_addresses_have_no_limit_and_keys_do()
    {
        await using var server = await StartLocal(("PublicPerMinutePerAddress", "1"), ("KeyPerMinute", "1"));
        var key = await Key(server);

        Assert.False((await server.Get(Products)).Headers.ContainsKey("X-RateLimit-Limit"));
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, null, From("::1"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(Products, null, From("203.0.113.1"))).Status);
        IsLimited(await server.Get(Products, null, From("203.0.113.1")), 1, 60);
        Standing(await server.Get(Products, null, (KeyHeader, key)), 1, 0, 60);
        IsLimited(await server.Get(Products, null, (KeyHeader, key)), 1, 60);
    }

    [Fact]
    public async Task In_public_a_loopback_address_is_an_address_like_any_other()
    {
        await using var server = await Start(("PublicPerMinutePerAddress", "1"));

        Standing(await server.Get(Products), 1, 0, 60);
        IsLimited(await server.Get(Products), 1, 60);
    }

    [Fact]
    public async Task A_key_still_counts_after_a_restart_and_its_minute_begins_anew()
    {
        await using var server = await Start(("KeyPerMinute", "1"));
        var key = await Key(server);
        Standing(await server.Get(Products, null, (KeyHeader, key)), 1, 0, 60);

        await server.Restart();

        Standing(await server.Get(Products, null, (KeyHeader, key)), 1, 0, 60);
        IsLimited(await server.Get(Products, null, (KeyHeader, key)), 1, 60);
    }

    [Theory]
    [InlineData("KeyPerMinute", "-1")]
    [InlineData("PublicPerMinutePerAddress", "1000001")]
    [InlineData("CheckoutPerMinutePerAddress", "many")]
    public async Task A_limit_that_is_none_stops_the_start(string name, string value)
    {
        var refused = await Assert.ThrowsAsync<SettingsRefusedException>(() => StartLocal((name, value)));

        Assert.Contains($"RateLimits:{name}: is '{value}'; write a number of calls from 1 to 1000000, or 0 for no limit", refused.Message, StringComparison.Ordinal);
    }

    private static (string, string) From(string address) => (ClientAddresses.Header, address);

    private static int Remaining(Reply reply) => int.Parse(reply.Headers["X-RateLimit-Remaining"], System.Globalization.CultureInfo.InvariantCulture);

    private static void Standing(Reply reply, int limit, int remaining, int reset)
    {
        Assert.NotEqual(HttpStatusCode.TooManyRequests, reply.Status);
        Assert.Equal(
            $"{limit} {remaining} {reset}",
            $"{reply.Headers["X-RateLimit-Limit"]} {reply.Headers["X-RateLimit-Remaining"]} {reply.Headers["X-RateLimit-Reset"]}");
        Assert.False(reply.Headers.ContainsKey("Retry-After"));
    }

    private static void IsLimited(Reply reply, int limit, int reset)
    {
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), (reply.Status, reply.Error));
        Assert.Equal(
            $"{limit} 0 {reset} {reset}",
            $"{reply.Headers["X-RateLimit-Limit"]} {reply.Headers["X-RateLimit-Remaining"]} "
            + $"{reply.Headers["X-RateLimit-Reset"]} {reply.Headers["Retry-After"]}");
        Assert.Equal("no-store", reply.Headers["Cache-Control"]);
    }

    private static async Task<string> Key(ApiServer server) =>
        (await server.Post(
            "/api/merchant/keys", new JsonObject { ["name"] = "x", ["scopes"] = new JsonArray("products:read") }, server.Admin())).Text("key");

    private Task<ApiServer> Start(params (string Name, string Value)[] limits) =>
        StartLocal([.. limits, ("PublicBaseUrl", "https://shop.example")]);

    private Task<ApiServer> StartLocal(params (string Name, string Value)[] limits) =>
        ApiServer.Start(
            limits.ToDictionary(limit => limit.Name == "PublicBaseUrl" ? limit.Name : $"RateLimits:{limit.Name}", limit => limit.Value),
            services =>
            {
                services.AddSingleton<TimeProvider>(clock);
                ClientAddresses.Use(services);
            });
}
