using System.Security.Cryptography;
using System.Text;
using OpenBitum.Ids;

namespace OpenBitum.Access;

/// <summary>
/// What a caller shows: `obk_`, the 26 characters of the key's id, and 40 secret ones. The id leads to the key's grain without a
/// search; the secret is compared there by its hash.
/// </summary>
public static class SubscriptionKeyText
{
    public const string Prefix = "obk_";

    public const int Length = 70;

    private const int SecretLength = 40;
    private const int HintLength = 4;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>A new text for this id, with 200 random bits.</summary>
    public static string New(SubscriptionKeyId id) =>
        $"{Prefix}{id.Value.AsSpan(SubscriptionKeyId.Prefix.Length)}{RandomNumberGenerator.GetString(Alphabet, SecretLength)}";

    /// <summary>
    /// `obk_…` and the last four characters, which leaves 180 bits secret. The first characters of the id are a time, and much alike.
    /// </summary>
    public static string Hint(string text) => $"{Prefix}…{text.AsSpan(text.Length - HintLength)}";

    /// <summary>SHA-256 in hex.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>False for what no key of ours can be.</summary>
    public static bool TryRead(string text, out SubscriptionKeyId id)
    {
        id = default;
        return text.Length == Length
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && SubscriptionKeyId.TryParse(SubscriptionKeyId.Prefix + text.Substring(Prefix.Length, Ulid.Length), out id)
            && !text.AsSpan(Length - SecretLength).ContainsAnyExcept(Alphabet);
    }
}
