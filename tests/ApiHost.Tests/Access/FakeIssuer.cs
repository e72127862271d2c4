using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OpenBitum.Tests.Access;

/// <summary>
/// An OIDC issuer with discovery and JWKS over real HTTP and real keys that signs whatever it is told to; the real one does not.
/// </summary>
internal sealed class FakeIssuer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly List<JsonWebKey> published = [];

    private FakeIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapGet("/oidc/.well-known/openid-configuration", () =>
            Results.Json(new { issuer = NamesItself ?? Address, jwks_uri = $"{Address}/jwks" }));
        app.MapGet("/oidc/jwks", async () =>
        {
            KeyFetches++;
            await BeforeKeys();
            return Results.Text(JsonSerializer.Serialize(new
            {
                keys = published.Select(key => new
                {
                    kty = key.Kty, kid = key.Kid, use = key.Use, crv = key.Crv, x = key.X, y = key.Y, n = key.N, e = key.E, k = key.K,
                }),
            }), "application/json");
        });
    }

    public string Address { get; private set; } = "";

    /// <summary>Whose time is in its tokens.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Another name in discovery than its own address.</summary>
    public string? NamesItself { get; set; }

    /// <summary>What it waits for before it answers with its keys.</summary>
    public Func<Task> BeforeKeys { get; set; } = () => Task.CompletedTask;

    public int KeyFetches { get; private set; }

    public static async Task<FakeIssuer> Start()
    {
        var issuer = new FakeIssuer();
        await issuer.app.StartAsync();
        issuer.Address = issuer.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/oidc";
        return issuer;
    }

    public SigningCredentials AddKey(string algorithm, bool isPublished = true, string use = "sig")
    {
        SecurityKey key = algorithm switch
        {
            "RS256" => new RsaSecurityKey(RSA.Create(2048)),
            _ => new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)),
        };
        key.KeyId = $"k{published.Count}{(isPublished ? "" : "x")}";
        if (isPublished)
        {
            published.Add(key is RsaSecurityKey rsa
                ? JsonWebKeyConverter.ConvertFromRSASecurityKey(rsa)
                : JsonWebKeyConverter.ConvertFromECDsaSecurityKey((ECDsaSecurityKey)key));
            published[^1].Use = use;
        }

        return new SigningCredentials(key, algorithm);
    }

    /// <summary>A symmetric key, in a set that everybody can read.</summary>
    public SigningCredentials AddShared()
    {
        var key = new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(64)) { KeyId = $"k{published.Count}" };
        published.Add(JsonWebKeyConverter.ConvertFromSymmetricSecurityKey(key));
        published[^1].Use = "sig";
        return new SigningCredentials(key, "HS256");
    }

    public string Token(
        SigningCredentials credentials, Dictionary<string, object>? claims = null, string type = "at+jwt",
        string audience = "openbitum", string? issuer = null, DateTimeOffset? begins = null)
    {
        var now = (begins ?? Clock.GetUtcNow()).UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Address,
            Audience = audience,
            Claims = new Dictionary<string, object>(claims ?? []) { ["sub"] = claims?.GetValueOrDefault("sub") ?? "user-1" },
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(5),
            SigningCredentials = credentials,
            TokenType = type,
        });
    }

    /// <summary>An admin's claims as JSON.</summary>
    /// <param name="expires">The claim as JSON; null: left out.</param>
    public string Claims(string? expires = "9999999999") =>
        $$"""{"iss":"{{Address}}","aud":"openbitum","sub":"user-1","roles":["admin"]{{(expires is null ? "" : $",\"exp\":{expires}")}}}""";

    /// <summary>An RS256 token of exactly this header and body; KID stands for the key's.</summary>
    public string Written(SigningCredentials credentials, string header, string claims)
    {
        var text = $"{Base64UrlEncoder.Encode(header.Replace("KID", credentials.Key.KeyId, StringComparison.Ordinal))}.{Base64UrlEncoder.Encode(claims)}";
        var signature = ((RsaSecurityKey)credentials.Key).Rsa.SignData(
            Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64UrlEncoder.Encode(signature)}";
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
