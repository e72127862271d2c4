using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace OpenBitum.Access;

/// <summary>The instance's own key for what a browser keeps and gives back: the same on every host.</summary>
internal sealed class SessionKey(ISecretStore secrets)
{
    public const string SecretName = "session.key";

    private readonly byte[] key = SecretBytes.Keep(secrets, SecretName, "whoever is signed in has to load their page again");

    /// <summary>HMAC-SHA-256 in base64url, 43 characters: only this instance can make it.</summary>
    /// <param name="purpose">Keeps what is made for one purpose from standing for another.</param>
    /// <param name="text">What it is bound to.</param>
    public string Seal(string purpose, string text) =>
        Base64UrlEncoder.Encode(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{purpose}\n{text}")));

    /// <summary>In constant time.</summary>
    public bool IsSeal(string seal, string purpose, string text) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(seal), Encoding.UTF8.GetBytes(Seal(purpose, text)));
}
