using System.Net;
using System.Security.Cryptography;
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

/// <summary>An OIDC issuer with discovery and JWKS over real HTTP and real keys.</summary>
internal sealed class FakeIssuer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly List<JsonWebKey> published = [];
    private int fetches;

    private FakeIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapGet("/oidc/.well-known/openid-configuration", () => IsDown
            ? Results.StatusCode((int)HttpStatusCode.BadGateway)
            : Results.Json(new { issuer = NamesItself ?? Address, jwks_uri = $"{Address}/jwks" }));
        app.MapGet("/oidc/jwks", () =>
        {
            Interlocked.Increment(ref fetches);
            return Results.Text(JsonSerializer.Serialize(new
            {
                keys = published.Select(key => new { kty = key.Kty, kid = key.Kid, use = "sig", crv = key.Crv, x = key.X, y = key.Y, n = key.N, e = key.E }),
            }), "application/json");
        });
    }

    public string Address { get; private set; } = "";

    public bool IsDown { get; set; }

    /// <summary>Another name in discovery than its own address.</summary>
    public string? NamesItself { get; set; }

    public int Fetches => Volatile.Read(ref fetches);

    public static async Task<FakeIssuer> Start()
    {
        var issuer = new FakeIssuer();
        await issuer.app.StartAsync();
        issuer.Address = issuer.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/oidc";
        return issuer;
    }

    public SigningCredentials AddKey(string algorithm, bool isPublished = true)
    {
        SecurityKey key = algorithm switch
        {
            "RS256" or "PS256" => new RsaSecurityKey(RSA.Create(2048)),
            "ES384" => new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP384)),
            _ => new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)),
        };
        key.KeyId = $"k{published.Count}{(isPublished ? "" : "x")}";
        if (isPublished)
        {
            published.Add(key is RsaSecurityKey rsa
                ? JsonWebKeyConverter.ConvertFromRSASecurityKey(rsa)
                : JsonWebKeyConverter.ConvertFromECDsaSecurityKey((ECDsaSecurityKey)key));
        }

        return new SigningCredentials(key, algorithm);
    }

    public JsonWebKey Published(int index) => published[index];

    public string Token(SigningCredentials credentials, Dictionary<string, object>? claims = null, string type = "at+jwt", string audience = "openbitum", string? issuer = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
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

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
