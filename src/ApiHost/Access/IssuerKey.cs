using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace OpenBitum.Access;

/// <summary>The key of the instance's own issuer: ES256, kept as a JWK under the name `issuer.jwk`.</summary>
internal sealed class IssuerKey
{
    public const string SecretName = "issuer.jwk";

    private IssuerKey(ECDsaSecurityKey key) => Key = key;

    public ECDsaSecurityKey Key { get; }

    public SigningCredentials Credentials => new(Key, SecurityAlgorithms.EcdsaSha256);

    /// <exception cref="DamagedSecretException">It is there and no key.</exception>
    public static IssuerKey Of(ISecretStore secrets) => Read(secrets.Keep(SecretName, Make));

    private static string Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        var x = Base64UrlEncoder.Encode(parameters.Q.X);
        var y = Base64UrlEncoder.Encode(parameters.Q.Y);
        return JsonSerializer.Serialize(new SortedDictionary<string, string>
        {
            ["alg"] = SecurityAlgorithms.EcdsaSha256,
            ["crv"] = "P-256",
            ["d"] = Base64UrlEncoder.Encode(parameters.D),
            // RFC 7638: the thumbprint of the public part names the key.
            ["kid"] = Base64UrlEncoder.Encode(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(
                $$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}"""))),
            ["kty"] = "EC",
            ["x"] = x,
            ["y"] = y,
        });
    }

    private static IssuerKey Read(string text)
    {
        try
        {
            var jwk = new JsonWebKey(text);
            var key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                D = Base64UrlEncoder.DecodeBytes(jwk.D),
                Q = new ECPoint { X = Base64UrlEncoder.DecodeBytes(jwk.X), Y = Base64UrlEncoder.DecodeBytes(jwk.Y) },
            });
            return new IssuerKey(new ECDsaSecurityKey(key) { KeyId = jwk.Kid });
        }
        catch (Exception failure) when (failure is ArgumentException or JsonException or FormatException or CryptographicException)
        {
            throw new DamagedSecretException(
                SecretName, "private P-256 key as a JWK", "every token and session made until now is refused", failure);
        }
    }
}
