using System.Security.Cryptography;
using System.Text;

namespace OpenBitum.Webhooks;

/// <summary>The forms of a signing key: bytes inside, `whsec_` and padded base64 for people (Standard Webhooks).</summary>
public static class WebhookSecret
{
    public const string Prefix = "whsec_";

    private const int KeyLength = 32;

    /// <summary>A random key of 256 bits.</summary>
    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(KeyLength);

    public static string Show(ReadOnlySpan<byte> key) => Prefix + Convert.ToBase64String(key);

    /// <summary>The key of a `whsec_` text, or of the operator's own text, whose UTF-8 bytes are the key; false for neither.</summary>
    public static bool TryRead(string text, out byte[] key)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            key = Encoding.UTF8.GetBytes(text);
            return OperatorSecret.IsValid(text);
        }

        var base64 = text.AsSpan(Prefix.Length);
        key = new byte[base64.Length];
        var valid = Convert.TryFromBase64Chars(base64, key, out var length) && length > 0;
        key = key[..length];
        return valid;
    }
}
