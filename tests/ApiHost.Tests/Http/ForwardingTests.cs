using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.Http;
using OpenBitum.Settings;
using Xunit;

namespace OpenBitum.Tests.Http;

/// <summary>What the host takes for the client's address, scheme and host. The tests call from 127.0.0.1.</summary>
public sealed class ForwardingTests
{
    private const string Client = "203.0.113.9";

    public static TheoryData<string, string, string> Chains => new()
    {
        // trusted, X-Forwarded-For, the client
        { "127.0.0.1", Client, Client },
        { "127.0.0.0/8", Client, Client },
        { "127.0.0.1", $"{Client}:4711", Client },
        { "127.0.0.1", "2001:db8::7", "2001:db8::7" },
        { "127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7" },
        { "127.0.0.1", "::ffff:203.0.113.9", Client },
        // What the client wrote itself stands to the left.
        { "127.0.0.1", $"127.0.0.1, {Client}", Client },
        { "127.0.0.1", $"10.1.1.1, 1.2.3.4, {Client}", Client },
        // Two proxies of one's own, then two with a stranger between.
        { "127.0.0.1,10.0.0.0/8", $"1.2.3.4, {Client}, 10.0.0.5", Client },
        { "127.0.0.1,10.0.0.0/8", $"1.2.3.4, 10.0.0.7, {Client}, 10.0.0.5", Client },
        { "127.0.0.1,2001:db8:1::/48", $"{Client}, 2001:db8:1::5", Client },
        // Nothing that can be read: the proxy itself is the last that is known.
        { "127.0.0.1", "unknown", "127.0.0.1" },
        { "127.0.0.1", $"{Client}, <script>", "127.0.0.1" },
        { "127.0.0.1", "", "127.0.0.1" },
        // Nobody trusted, or somebody else.
        { "", Client, "127.0.0.1" },
        { "10.0.0.0/8", Client, "127.0.0.1" },
        { "::1", Client, "127.0.0.1" },
        { "10.0.0.0/8", $"{Client}, 10.0.0.5", "127.0.0.1" },
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public async Task The_client_is_the_rightmost_hop_that_is_not_trusted(string trusted, string forwardedFor, string client)
    {
        var seen = new Seen();
        await using var server = await Start(trusted, seen);

        await server.Get("/healthz", null, ("X-Forwarded-For", forwardedFor));

        Assert.Equal(client, seen.Last.Address);
    }

    [Fact]
    public async Task Scheme_and_host_are_believed_from_a_trusted_proxy_alone()
    {
        (string, string)[] forwarded =
            [("X-Forwarded-For", Client), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "shop.example")];
        var seen = new Seen();
        await using (var server = await Start("127.0.0.1", seen))
        {
            await server.Get("/healthz", null, forwarded);
            Assert.Equal(new Observed(Client, "https", "shop.example"), seen.Last);
        }

        await using (var server = await Start("", seen))
        {
            await server.Get("/healthz", null, forwarded);
            Assert.Equal(new Observed("127.0.0.1", "http", new Uri(server.Address).Authority), seen.Last);
        }
    }

    [Fact]
    public async Task Of_several_schemes_the_trusted_proxys_counts()
    {
        var seen = new Seen();
        await using var server = await Start("127.0.0.1", seen);

        await server.Get("/healthz", null, ("X-Forwarded-For", $"1.1.1.1, {Client}"), ("X-Forwarded-Proto", "ftp, https"));

        Assert.Equal("https", seen.Last.Scheme);
    }

    [Fact]
    public async Task Other_headers_about_the_client_change_nothing()
    {
        var seen = new Seen();
        await using var server = await Start("127.0.0.1", seen);

        await server.Get("/healthz", null,
            ("Forwarded", $"for={Client}"), ("X-Real-IP", Client), ("X-Client-IP", Client), ("True-Client-IP", Client),
            ("CF-Connecting-IP", Client), ("X-Original-For", Client), ("X-Forwarded-Prefix", "/x"));

        Assert.Equal("127.0.0.1", seen.Last.Address);
    }

    [Fact]
    public async Task A_chain_is_followed_for_eight_hops()
    {
        var seen = new Seen();
        await using var server = await Start("127.0.0.1,10.0.0.0/8", seen);
        string Through(int hops) => string.Join(", ", Enumerable.Range(1, hops).Select(hop => $"10.0.0.{hop}").Prepend(Client));

        await server.Get("/healthz", null, ("X-Forwarded-For", Through(Forwarding.MostHops - 1)));
        Assert.Equal(Client, seen.Last.Address);

        await server.Get("/healthz", null, ("X-Forwarded-For", Through(Forwarding.MostHops)));
        Assert.Equal("10.0.0.1", seen.Last.Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0/8")]
    public async Task The_platforms_own_switch_believes_nobody_more(string trusted)
    {
        var seen = new Seen();
        // What ASPNETCORE_FORWARDEDHEADERS_ENABLED=true does.
        await using var server = await Start(trusted, seen, services => services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.All;
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
        }));

        await server.Get("/healthz", null, ("X-Forwarded-For", Client), ("X-Forwarded-Proto", "https"));

        Assert.Equal(("127.0.0.1", "http"), (seen.Last.Address, seen.Last.Scheme));
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "javascript")]
    [InlineData("X-Forwarded-Prefix", "/evil.example")]
    [InlineData("X-Original-Host", "evil.example")]
    public async Task No_header_changes_a_link(string name, string value)
    {
        await using var server = await Start("127.0.0.1", new Seen());
        var product = await server.NewProduct();

        var opened = await server.Post(
            "/api/checkout/initiate",
            new System.Text.Json.Nodes.JsonObject { ["productId"] = product, ["email"] = "buyer@example.com" }, null, (name, value));

        Assert.StartsWith($"{server.Address}/checkout/ord_", opened.Text("checkoutUrl"), StringComparison.Ordinal);
        Assert.DoesNotContain("evil", opened.Body + string.Concat(opened.Headers.Values), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "proxy.example", "is 'proxy.example'; write the address of a proxy, such as 127.0.0.1" },
        { "*", "is '*'; write the address" },
        { "10", "is '10'; write the address" },
        { "010.0.0.1", "is '010.0.0.1'; write the address" },
        { "0.0.0.0", "that is nobody's address" },
        { "::", "that is nobody's address" },
        { "::ffff:10.0.0.1", "write the address" },
        { "fe80::1%2", "write the address" },
        { "10.0.0.1:80", "write the address" },
        { "10.0.0.0/33", "there is no network of /33" },
        { "10.0.0.0/-1", "write the address" },
        { "10.0.0.0/8/8", "write the address" },
        { "10.0.0.0/", "write the address" },
        { "0.0.0.0/0", "that would believe half the world; write a network of /8 or smaller" },
        { "128.0.0.0/7", "that would believe half the world" },
        { "::/0", "that would believe half the world; write a network of /7 or smaller" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_proxy_that_is_none_is_refused_and_the_message_says_what_to_write(string entry, string message)
    {
        var problem = Assert.Single(new ProxiesOptions { Trusted = ["127.0.0.1", entry] }.Check("Proxies"));

        Assert.Equal("Proxies:Trusted:1", problem.Key);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("2001:DB8::1")]
    [InlineData("10.0.0.0/8")]
    [InlineData("10.0.0.1/32")]
    [InlineData("10.0.0.1/8")]
    [InlineData("fc00::/7")]
    public void Addresses_and_networks_are_taken(string entry) =>
        Assert.Empty(new ProxiesOptions { Trusted = [entry] }.Check("Proxies"));

    [Fact]
    public void A_hundred_proxies_are_taken_and_one_more_is_not()
    {
        Assert.Empty(new ProxiesOptions { Trusted = [.. Enumerable.Repeat("10.0.0.1", 100)] }.Check("Proxies"));
        Assert.Equal("Proxies:Trusted: has 101 entries; write 100 at most.",
            Assert.Single(new ProxiesOptions { Trusted = [.. Enumerable.Repeat("10.0.0.1", 101)] }.Check("Proxies")).ToString());
    }

    [Fact]
    public async Task A_wrong_proxy_stops_the_start()
    {
        var refused = await Assert.ThrowsAsync<SettingsRefusedException>(() => Start("everybody", new Seen()));

        Assert.StartsWith("Proxies:Trusted:0: is 'everybody'; write the address of a proxy", refused.Message, StringComparison.Ordinal);
    }

    private static Task<ApiServer> Start(string trusted, Seen seen, Action<IServiceCollection>? before = null) => ApiServer.Start(
        trusted.Split(',', StringSplitOptions.RemoveEmptyEntries).Index()
            .ToDictionary(entry => $"Proxies:Trusted:{entry.Index}", entry => entry.Item),
        services =>
        {
            before?.Invoke(services);
            services.AddSingleton<IStartupFilter>(seen);
        });

    private sealed record Observed(string? Address, string Scheme, string Host);

    /// <summary>Looks at a request when its answer leaves.</summary>
    private sealed class Seen : IStartupFilter
    {
        private readonly ConcurrentQueue<Observed> requests = [];

        public Observed Last => requests.Last();

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((HttpContext context, RequestDelegate rest) =>
            {
                context.Response.OnStarting(() =>
                {
                    var request = context.Request;
                    requests.Enqueue(new(context.Connection.RemoteIpAddress?.ToString(), request.Scheme, request.Host.Value!));
                    return Task.CompletedTask;
                });
                return rest(context);
            });
            next(app);
        };
    }
}
