using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace OpenBitum.Access;

/// <summary>A secret of the instance that is 32 random bytes, kept in base64url.</summary>
internal static class SecretBytes
{
    private const int Length = 32;

    /// <param name="secrets">Where it is kept.</param>
    /// <param name="name">Under which.</param>
    /// <param name="lost">What a new one would cost.</param>
    /// <exception cref="DamagedSecretException">It is there and is something else.</exception>
    public static byte[] Keep(ISecretStore secrets, string name, string lost)
    {
        var text = secrets.Keep(name, () => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(Length)));
        try
        {
            if (Base64UrlEncoder.DecodeBytes(text) is { Length: Length } read)
            {
                return read;
            }
        }
        catch (FormatException malformed)
        {
            throw Damaged(malformed);
        }

        throw Damaged(null);

        DamagedSecretException Damaged(Exception? failure) => new(name, $"{Length} bytes in base64url", lost, failure);
    }
}
