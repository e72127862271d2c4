using System.Text.Json.Nodes;
using OpenBitum.Tests.Hosting;
using OpenBitum.Tests.Http;
using Xunit;

namespace OpenBitum.Tests.Access;

/// <summary>
/// Secrets where they do not belong: no refusal repeats them. What the host wrote by itself meanwhile is searched by
/// tests/Afterwards.Tests.
/// </summary>
public sealed class MistakenSecretsTests
{
    /// <summary>BIP32's first test vector, chain m.</summary>
    private const string PrivateKey =
        "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";

    private const string Password = "rpc-password-0123456789";
    private const string EdgeSecret = "edge-secret-0123456789abcdef";
    private const string OutboundSecret = "glue-secret-0123456789abcdef";

    [Fact]
    public async Task No_refusal_repeats_a_secret_that_was_sent_to_the_wrong_place()
    {
        await using var server = await ApiServer.Start(new()
        {
            ["EdgeSecret"] = EdgeSecret,
            ["GLUE_OUTBOUND_WEBHOOK_SECRET"] = OutboundSecret,
            // Nobody listens on the discard port, so the follower has something to complain about.
            ["Chains:BTC:RpcUrl"] = "http://127.0.0.1:9",
            ["Chains:BTC:Network"] = "regtest",
            ["Chains:BTC:RpcUser"] = "rpc",
            ["Chains:BTC:RpcPassword"] = Password,
        });
        PlantedSecrets.Current.Add("private key", PrivateKey);
        var token = server.Admin();
        PlantedSecrets.Current.Add("token", token);
        var stamp = ("x-edge-secret", EdgeSecret);

        Reply[] replies =
        [
            await server.Get($"/api/products?access_token={token}", null, stamp),
            await server.Get($"/api/products?x-edge-secret={EdgeSecret}&subscription-key={PrivateKey}", null, stamp),
            await server.Get($"/api/merchant/orders?q={PrivateKey}&cursor={token}", token, stamp),
            await server.Get("/api/merchant/products", token[..^4] + "AAAA", stamp),
            await server.Get("/api/products", null, ("x-edge-secret", EdgeSecret + "x")),
            await server.Get("/api/merchant/products", token, stamp, ("Cookie", $"cb_auth_token={token}")),
            await server.Get("/healthz/ready"),
            await Post("wallets", new JsonObject { ["chain"] = "BTC", ["xpub"] = PrivateKey }),
            await Post("wallets", new JsonObject { ["chain"] = "BTC", ["xpub"] = $"wpkh({PrivateKey}/0/*)" }),
            await Post("webhooks", new JsonObject { ["url"] = $"https://user:{Password}@hooks.example/", ["events"] = new JsonArray("*") }),
            await Post("products", new JsonObject { ["name"] = new JsonObject { ["a"] = token } }),
            await server.Post("/api/auth/session", new JsonObject { ["code"] = token }, null, stamp),
            await server.Send(HttpMethod.Post, "/api/checkout/initiate", ApiServer.Json($"{{\"{token}"), null, stamp),
        ];
        foreach (var request in new[]
        {
            $"GET /api/products HTTP/1.1\r\nHost: x\r\nAuthorization Bearer {token}\r\n\r\n",
            $"GET /api/products?{EdgeSecret}\0 HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET /api/products HTTP/1.1\r\nHost: {PrivateKey} {Password}\r\n\r\n",
            $"{token} / HTTP/1.1\r\nHost: x\r\n\r\n",
        })
        {
            var raw = await RawHttp.Send(server, request);
            Assert.Equal("", SecretIn(raw.Body));
        }

        Assert.All(replies, reply => Assert.Equal("", SecretIn(reply.Body + string.Concat(reply.Headers.Values))));

        Task<Reply> Post(string path, JsonObject body) => server.Post($"/api/merchant/{path}", body, token, stamp);
        string SecretIn(string text) => new[] { PrivateKey, Password, EdgeSecret, OutboundSecret, token }
            .FirstOrDefault(secret => text.Contains(secret, StringComparison.Ordinal)) ?? "";
    }
}
