using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Tests.Access;
using OpenBitum.Tests.Hosting;
using OpenBitum.Tests.Idempotency;
using Orleans;
using Xunit;

namespace OpenBitum.Tests.Checkout;

/// <summary>How many unpaid orders an address may have open: three here.</summary>
public sealed class OpenOrderLimitTests : IAsyncLifetime
{
    private const string Here = "8.8.8.8";
    private const string Path = "/api/checkout/initiate";

    private ApiServer server = null!;

    public async ValueTask InitializeAsync() => server = await Start("3");

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Of_parallel_checkouts_from_one_address_as_many_as_may_be_open_take_stock()
    {
        var product = await server.NewProduct(fields: new() { ["stock"] = 10 });

        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Buy(product, Here)));

        Assert.Equal(3, replies.Count(reply => reply.Status is HttpStatusCode.Created));
        Assert.All(replies.Where(reply => reply.Status is not HttpStatusCode.Created), IsRefused);
        Assert.Equal("7", (await server.Get($"/api/merchant/products/{product}", server.Admin())).Text("stock"));
    }

    [Fact]
    public async Task Other_addresses_other_merchants_and_the_merchant_itself_are_not_concerned()
    {
        var product = await server.NewProduct();
        var elsewhere = await server.NewProduct(ApiServer.NewMerchant());
        await Fill(product);

        Assert.Equal(HttpStatusCode.Created, (await Buy(product, "8.8.4.4")).Status);
        Assert.Equal(HttpStatusCode.Created, (await Buy(elsewhere, Here)).Status);
        Assert.Equal(HttpStatusCode.Created, (await Buy(product, Here, server.Admin())).Status);
        IsRefused(await Buy(product, Here, server.Admin("stranger")));
        IsRefused(await Buy(product, Here, server.Token(["customer"])));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.255.255.255")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    public async Task An_address_that_may_stand_for_a_proxy_has_no_bound(string address)
    {
        var product = await server.NewProduct();

        for (var order = 0; order < 5; order++)
        {
            Assert.Equal(HttpStatusCode.Created, (await Buy(product, address)).Status);
        }
    }

    [Theory]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("11.0.0.0")]
    [InlineData("172.32.0.0")]
    [InlineData("192.169.0.0")]
    [InlineData("100.128.0.0")]
    [InlineData("2a00:1450:1:2:0:5efe:7f00:1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2001:0:7f00:1::1")]
    public async Task An_address_that_its_owner_made_look_like_another_has_the_bound_of_any(string address)
    {
        var product = await server.NewProduct();
        for (var order = 0; order < 3; order++)
        {
            Assert.Equal(HttpStatusCode.Created, (await Buy(product, address)).Status);
        }

        IsRefused(await Buy(product, address));
    }

    [Fact]
    public async Task All_of_a_network_that_one_client_has_to_itself_counts_as_one()
    {
        var product = await server.NewProduct();
        for (var order = 1; order <= 3; order++)
        {
            Assert.Equal(HttpStatusCode.Created, (await Buy(product, $"2a00:1450:1:2::{order}")).Status);
        }

        IsRefused(await Buy(product, "2a00:1450:1:2:ffff::4"));
        Assert.Equal(HttpStatusCode.Created, (await Buy(product, "2a00:1450:1:3::4")).Status);
    }

    [Fact]
    public async Task A_payment_makes_room()
    {
        var product = await server.NewProduct();
        var order = (await Fill(product))[1];

        var paid = await server.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = order, ["confirmations"] = 0 });

        Assert.Equal(HttpStatusCode.OK, paid.Status);
        Assert.Equal(HttpStatusCode.Created, (await Buy(product, Here)).Status);
        IsRefused(await Buy(product, Here));
    }

    [Fact]
    public async Task A_checkout_that_failed_takes_no_room_and_a_repeated_one_takes_it_once()
    {
        var (gone, product) = (await server.NewProduct(fields: new() { ["stock"] = 0 }), await server.NewProduct());
        for (var call = 0; call < 4; call++)
        {
            Assert.Equal("out_of_stock", (await Buy(gone, Here)).Error);
            Assert.Equal(HttpStatusCode.Created, (await Buy(product, Here, null, ("Idempotency-Key", "k"))).Status);
        }

        Assert.Equal(HttpStatusCode.Created, (await Buy(product, Here)).Status);
        Assert.Equal(HttpStatusCode.Created, (await Buy(product, Here)).Status);
        IsRefused(await Buy(product, Here));
        Assert.Equal(HttpStatusCode.Created, (await Buy(product, Here, null, ("Idempotency-Key", "k"))).Status);
    }

    [Fact]
    public async Task An_order_whose_answer_was_lost_is_found_again_though_others_have_taken_all_room_since()
    {
        var death = new Death();
        await using var own = await Start("1", filter: death);
        var product = await own.NewProduct(fields: new() { ["stock"] = 10 });
        death.IsNear = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Buy(product, Here, null, ("Idempotency-Key", "k"), own)).Status);
        await own.Restart();
        Assert.Equal(HttpStatusCode.Created, (await Buy(product, Here, on: own)).Status);

        var repeated = await Buy(product, Here, null, ("Idempotency-Key", "k"), own);

        Assert.Equal(HttpStatusCode.Created, repeated.Status);
        IsRefused(await Buy(product, Here, null, ("Idempotency-Key", "other"), own));
        Assert.Equal("8", (await own.Get($"/api/merchant/products/{product}", own.Admin())).Text("stock"));
    }

    [Fact]
    public async Task The_end_of_an_order_makes_room()
    {
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var own = await Start("1", clock);
        var product = await own.NewProduct(fields: new() { ["ttlSeconds"] = 100 });
        Assert.Equal(HttpStatusCode.Created, (await Buy(product, Here, on: own)).Status);

        clock.Advance(TimeSpan.FromMilliseconds(99_999));
        var refused = await Buy(product, Here, on: own);
        IsRefused(refused);
        Assert.Equal("1", refused.Headers["Retry-After"]);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        // The chain looks again by itself when time goes on; until then nothing is sold, but nobody is told to wait for room.
        await Eventually.Reads(BuyAsTimeGoesOn, reply => reply.Status is HttpStatusCode.Created);
        IsRefused(await Buy(product, Here, on: own));

        async Task<Reply> BuyAsTimeGoesOn()
        {
            var reply = await Buy(product, Here, on: own);
            Assert.NotEqual(HttpStatusCode.TooManyRequests, reply.Status);
            if (reply.Status is not HttpStatusCode.Created)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
            }

            return reply;
        }
    }

    [Fact]
    public async Task Zero_is_no_bound()
    {
        await using var own = await Start("0");
        var product = await own.NewProduct();

        for (var order = 0; order < 25; order++)
        {
            Assert.Equal(HttpStatusCode.Created, (await Buy(product, Here, on: own)).Status);
        }
    }

    private async Task<string[]> Fill(string product)
    {
        var orders = new List<string>();
        for (var order = 0; order < 3; order++)
        {
            orders.Add((await Buy(product, Here)).Text("orderId"));
        }

        IsRefused(await Buy(product, Here));
        return [.. orders];
    }

    private static void IsRefused(Reply reply)
    {
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), (reply.Status, reply.Error));
        Assert.InRange(int.Parse(reply.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 900);
    }

    private Task<Reply> Buy(string product, string from, string? token = null, (string, string)? header = null, ApiServer? on = null)
    {
        (string, string)[] headers = [(ClientAddresses.Header, from), .. header is { } more ? [more] : Array.Empty<(string, string)>()];
        return (on ?? server).Post(Path, new JsonObject { ["productId"] = product, ["email"] = "buyer@example.com" }, token, headers);
    }

    private static Task<ApiServer> Start(
        string openPerAddress, TimeProvider? clock = null, IOutgoingGrainCallFilter? filter = null) => ApiServer.Start(
        new()
        {
            ["PublicBaseUrl"] = "https://shop.example",
            ["Chains:SANDBOX:Enabled"] = "true",
            ["RateLimits:CheckoutPerMinutePerAddress"] = "0",
            ["Orders:OpenPerAddress"] = openPerAddress,
        },
        services =>
        {
            ClientAddresses.Use(services);
            if (clock is not null)
            {
                services.AddSingleton(clock);
            }

            if (filter is not null)
            {
                services.AddSingleton(filter);
            }
        });
}
