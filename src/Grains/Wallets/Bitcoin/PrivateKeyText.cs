using System.Security.Cryptography;

namespace OpenBitum.Wallets;

/// <summary>
/// Recognises private keys, so that whoever pastes one is told. Nothing read here is kept, echoed or logged.
/// </summary>
internal static class PrivateKeyText
{
    private const int SecretLength = 32;
    private const int EncryptedLength = 39;

    // Version bytes of private keys (WIF): Bitcoin, Litecoin, and both testnets.
    private static ReadOnlySpan<byte> Versions => [0x80, 0xB0, 0xEF];

    /// <summary>Whether the text is a single private key: WIF, or encrypted by BIP38.</summary>
    public static bool IsSingleKey(ReadOnlySpan<char> text)
    {
        if (Base58Check.Decode(text, out var payload) is not Base58Fault.None)
        {
            return false;
        }

        var isUncompressed = payload.Length == 1 + SecretLength;
        var isCompressed = payload.Length == 2 + SecretLength && payload[^1] == 1;
        var isEncrypted = payload.Length == EncryptedLength && payload is [1, 0x42 or 0x43, ..];
        var isPrivate = isEncrypted || (isUncompressed || isCompressed) && Versions.Contains(payload[0]);
        CryptographicOperations.ZeroMemory(payload);
        return isPrivate;
    }

    /// <summary>Whether the text is as many words as a recovery phrase has (BIP39): 12, 15, 18, 21 or 24.</summary>
    public static bool IsRecoveryPhrase(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length is 12 or 15 or 18 or 21 or 24 && words.All(word => word.All(char.IsLetter));
    }

    /// <summary>Whether any part of the text is a private key, or begins like an extended one.</summary>
    public static bool IsIn(string text)
    {
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && Base58Check.IsDigit(text[i]))
            {
                continue;
            }

            var part = text.AsSpan(start..i);
            if (BeginsLikeExtendedKey(part) || IsSingleKey(part))
            {
                return true;
            }

            start = i + 1;
        }

        return false;
    }

    private static bool BeginsLikeExtendedKey(ReadOnlySpan<char> text)
    {
        // Short of this many characters there is no key behind the prefix.
        const int shortest = 50;
        if (text.Length < shortest)
        {
            return false;
        }

        foreach (var version in ExtendedKeyVersion.All)
        {
            if (text.StartsWith(version.PrivatePrefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
