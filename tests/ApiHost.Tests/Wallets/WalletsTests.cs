using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenBitum.Tests.Wallets;

/// <summary>A merchant's keys through the real host; account keys whose private halves nobody has.</summary>
public sealed class WalletsTests(SharedServer shared)
{
    private const string Wallets = "/api/merchant/wallets";
    private const string First = "vpub5YgiASaoLg2od53fhthoTijE1KoyUx6wuZeUWL9jG1n4tN6YawcAAjAAFfZzSrpfDjANn2jNMHKdV3MYAWoGG9gQts5kxdtwxVLZrRHTDWh";
    private const string Second = "vpub5YgiASaoLg2ocMRQSRmXonRzHzGxTG9Jp76EZGegSzNxkApJDQoj3BjZiYS3dAHRwzApyStaPmZN2Ym4HdBTjAprXE8uXcbWzzvUNFRKbWc";
    private const string Mainnet = "zpub6r1mP7GTwQCizoi4NQdUHzVJCcQpFP4ArQwqBxwrEXKDLfHZDo86eGSwre7frUqX71HbfUUbnEEawphHLzaEAUe5M6o74BKdGCCpuXCLkmh";

    private readonly ApiServer server = shared.Server;

    [Fact]
    public async Task A_view_shows_the_key_its_first_addresses_and_how_far_it_is_used()
    {
        var token = server.Admin(ApiServer.NewMerchant());

        var made = await Give(token, First, label: "till");

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(
            ["chain", "createdAt", "fingerprint", "firstAddresses", "label", "network", "nextIndex", "scriptType", "unpaidInARow", "warnings", "xpub"],
            made.Json.AsObject().Select(field => field.Key).Order());
        Assert.Equal(("SANDBOX", "testnet", First, "p2wpkh", "till"),
            (made.Text("chain"), made.Text("network"), made.Text("xpub"), made.Text("scriptType"), made.Text("label")));
        Assert.Equal(5, made.Json["firstAddresses"]!.AsArray().Count(address => address!.GetValue<string>().StartsWith("sb1q", StringComparison.Ordinal)));
        Assert.Equal("[]", made.Text("warnings"));
        var list = await server.Get(Wallets, token);
        Assert.Equal(made.Body, list.Json["data"]![0]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Null(list.Json["nextCursor"]);
    }

    [Fact]
    public async Task A_key_is_replaced_and_what_was_promised_on_the_former_one_still_counts()
    {
        var merchant = ApiServer.NewMerchant();
        var token = server.Admin(merchant);
        var former = (await Give(token, First)).Json["firstAddresses"]!.AsArray().Select(address => address!.GetValue<string>()).ToList();
        var product = await server.NewProduct(merchant);
        var early = await Order(product);

        var replaced = await Give(token, Second);
        Assert.Equal((HttpStatusCode.Created, Second), (replaced.Status, replaced.Text("xpub")));
        Assert.Equal(HttpStatusCode.Created, (await Give(token, Second)).Status);
        Assert.Equal(Second, (await server.Get(Wallets, token)).Text("data.0.xpub"));
        Assert.Single((await server.Get(Wallets, token)).Json["data"]!.AsArray());

        var late = await Order(product);
        Assert.Equal(early.Address, (await server.Get($"/api/orders/{early.Id}")).Text("paymentMethods.0.address"));
        Assert.Contains(replaced.Json["firstAddresses"]!.AsArray(), address => address!.GetValue<string>() == late.Address);
        Assert.DoesNotContain(late.Address, former);

        foreach (var order in new[] { early, late })
        {
            var paid = await server.Post("/api/sandbox/pay", new JsonObject { ["address"] = order.Address, ["amount"] = "19.90" });
            Assert.Equal(HttpStatusCode.OK, paid.Status);
            Assert.Equal("paid", (await server.Get($"/api/orders/{order.Id}")).Text("status"));
        }

        // Back on the first key, its counter goes on: no address is handed out twice.
        await Give(token, First);
        Assert.NotEqual(early.Address, (await Order(product)).Address);
    }

    [Fact]
    public async Task More_than_20_unpaid_addresses_in_a_row_are_warned_of_until_one_is_paid()
    {
        // A key of its own: the counter is the key's, whoever gives it.
        await using var alone = await ApiServer.Start();
        var token = alone.Admin();
        await alone.Post(Wallets, new JsonObject { ["chain"] = "SANDBOX", ["xpub"] = First }, token);
        var product = await alone.NewProduct();
        var last = "";
        for (var number = 1; number <= 20; number++)
        {
            last = await alone.NewOrder(product);
        }

        Assert.Equal(("20", "20", "[]"), await View());
        last = await alone.NewOrder(product);
        var (next, unpaid, warnings) = await View();
        Assert.Equal(("21", "21"), (next, unpaid));
        Assert.Contains("\"code\":\"gap_limit\"", warnings, StringComparison.Ordinal);
        Assert.Contains("21 addresses in a row are unpaid", warnings, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await alone.Post("/api/sandbox/pay", new JsonObject { ["orderId"] = last })).Status);
        Assert.Equal(("21", "0", "[]"), await View());

        async Task<(string Next, string Unpaid, string Warnings)> View()
        {
            var list = await alone.Get(Wallets, token);
            return (list.Text("data.0.nextIndex"), list.Text("data.0.unpaidInARow"), list.Text("data.0.warnings"));
        }
    }

    [Fact]
    public async Task Wallets_of_many_chains_are_a_list_of_pages_and_a_node_that_is_down_is_warned_of()
    {
        await using var both = await ApiServer.Start(new()
        {
            ["Chains:SANDBOX:Enabled"] = "true",
            ["Chains:BTC:Network"] = "regtest",
            ["Chains:BTC:RpcUrl"] = "http://127.0.0.1:9",
            ["Chains:BTC:RpcUser"] = "a",
            ["Chains:BTC:RpcPassword"] = "b",
        });
        var token = both.Admin();
        Assert.Equal("[]", (await both.Get(Wallets, token)).Text("data"));
        foreach (var chain in new[] { "SANDBOX", "BTC" })
        {
            Assert.Equal(HttpStatusCode.Created, (await both.Post(Wallets, new JsonObject { ["chain"] = chain, ["xpub"] = First }, token)).Status);
        }

        var page = await both.Get($"{Wallets}?limit=1", token);
        Assert.Equal("BTC", page.Text("data.0.chain"));
        Assert.Equal("node_unreachable", page.Text("data.0.warnings.0.code"));
        Assert.StartsWith("bcrt1", page.Text("data.0.firstAddresses.0"), StringComparison.Ordinal);
        var rest = await both.Get($"{Wallets}?limit=1&cursor={page.Text("nextCursor")}", token);
        Assert.Equal("SANDBOX", rest.Text("data.0.chain"));
        Assert.Null(rest.Json["nextCursor"]);
        Assert.Equal("[]", (await both.Get(Wallets, both.Admin(ApiServer.NewMerchant()))).Text("data"));
    }

    [Theory]
    [InlineData("""{}""", "chain required", "xpub required")]
    [InlineData("""{"chain":"DOGE","xpub":"x"}""", "chain bad_format")]
    [InlineData("""{"chain":"sandbox","xpub":"x"}""", "chain bad_format")]
    [InlineData("""{"chain":"SANDBOX","xpub":"not a key"}""", "xpub bad_format")]
    [InlineData("""{"chain":"SANDBOX","xpub":""}""", "xpub required")]
    [InlineData($$"""{"chain":"SANDBOX","xpub":"{{Mainnet}}"}""", "xpub wrong_network")]
    [InlineData($$"""{"chain":"SANDBOX","xpub":"{{First}}1"}""", "xpub bad_checksum")]
    [InlineData($$"""{"chain":"SANDBOX","xpub":"{{First}}","scriptType":"p2sh"}""", "scriptType unsupported_script")]
    [InlineData($$"""{"chain":"SANDBOX","xpub":"{{First}}","scriptType":"p2tr"}""", "scriptType unsupported_script")]
    [InlineData($$"""{"chain":"SANDBOX","xpub":"{{First}}","address":"sb1"}""", "address unknown_field")]
    [InlineData(
        """{"chain":"SANDBOX","xpub":"xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"}""",
        "xpub private_key")]
    public async Task A_refusal_names_the_field_and_repeats_no_key(string body, params string[] problems)
    {
        var token = server.Admin(ApiServer.NewMerchant());

        var refused = await server.Send(HttpMethod.Post, Wallets, ApiServer.Json(body), token);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(problems, refused.Details);
        Assert.DoesNotContain("xprv9", refused.Body, StringComparison.Ordinal);
        Assert.Equal("[]", (await server.Get(Wallets, token)).Text("data"));
    }

    [Fact]
    public async Task A_label_has_at_most_100_characters()
    {
        var token = server.Admin(ApiServer.NewMerchant());

        Assert.Equal(HttpStatusCode.Created, (await Give(token, First, new string('x', 100))).Status);
        Assert.Equal(["label too_long"], (await Give(token, First, new string('x', 101))).Details);
    }

    private Task<Reply> Give(string token, string xpub, string? label = null)
    {
        var body = new JsonObject { ["chain"] = "SANDBOX", ["xpub"] = xpub };
        if (label is not null)
        {
            body["label"] = label;
        }

        return server.Post(Wallets, body, token);
    }

    private async Task<(string Id, string Address)> Order(string product)
    {
        var id = await server.NewOrder(product);
        return (id, (await server.Get($"/api/orders/{id}")).Text("paymentMethods.0.address"));
    }
}
