using System.Security.Cryptography;

namespace OpenBitum.Wallets;

/// <summary>What was wrong with a base58check text.</summary>
internal enum Base58Fault
{
    None,
    NotBase58,
    BadChecksum,
}

/// <summary>
/// Bitcoin's base58 with four bytes of double SHA-256 behind the payload, as addresses, extended keys and private keys
/// are written.
/// </summary>
internal static class Base58Check
{
    /// <summary>Decoding takes quadratic time, and nothing that we read is longer than an extended key's 112.</summary>
    public const int MaximumTextLength = 128;

    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int ChecksumLength = 4;

    public static bool IsDigit(char character) => Alphabet.Contains(character);

    public static string Encode(ReadOnlySpan<byte> payload)
    {
        Span<byte> hash = stackalloc byte[BitcoinHash.Sha256Length];
        BitcoinHash.DoubleSha256(payload, hash);
        Span<byte> bytes = stackalloc byte[payload.Length + ChecksumLength];
        payload.CopyTo(bytes);
        hash[..ChecksumLength].CopyTo(bytes[payload.Length..]);

        var zeros = CountLeading<byte>(bytes, 0);

        // log(256) / log(58) is below 1.38 digits a byte; the digits are least significant first.
        Span<byte> digits = stackalloc byte[bytes.Length * 138 / 100 + 1];
        var length = 0;
        foreach (var value in bytes[zeros..])
        {
            int carry = value;
            for (var i = 0; i < length || carry != 0; i++)
            {
                carry += i < length ? digits[i] << 8 : 0;
                digits[i] = (byte)(carry % 58);
                carry /= 58;
                length = Math.Max(length, i + 1);
            }
        }

        Span<char> text = stackalloc char[zeros + length];
        text[..zeros].Fill(Alphabet[0]);
        for (var i = 0; i < length; i++)
        {
            text[zeros + i] = Alphabet[digits[length - 1 - i]];
        }

        return new string(text);
    }

    /// <summary>Reads the payload; the checksum is verified and cut off.</summary>
    public static Base58Fault Decode(ReadOnlySpan<char> text, out byte[] payload)
    {
        payload = [];
        if (text.Length is 0 or > MaximumTextLength)
        {
            return Base58Fault.NotBase58;
        }

        var zeros = CountLeading(text, Alphabet[0]);
        Span<byte> bytes = stackalloc byte[text.Length];
        var length = 0;
        foreach (var character in text[zeros..])
        {
            var carry = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (carry < 0)
            {
                return Base58Fault.NotBase58;
            }

            for (var i = 0; i < length || carry != 0; i++)
            {
                carry += i < length ? bytes[i] * 58 : 0;
                bytes[i] = (byte)carry;
                carry >>= 8;
                length = Math.Max(length, i + 1);
            }
        }

        var decoded = new byte[zeros + length];
        for (var i = 0; i < length; i++)
        {
            decoded[zeros + i] = bytes[length - 1 - i];
        }

        if (decoded.Length < ChecksumLength)
        {
            return Base58Fault.BadChecksum;
        }

        Span<byte> hash = stackalloc byte[BitcoinHash.Sha256Length];
        BitcoinHash.DoubleSha256(decoded.AsSpan(..^ChecksumLength), hash);
        if (!hash[..ChecksumLength].SequenceEqual(decoded.AsSpan(^ChecksumLength..)))
        {
            return Base58Fault.BadChecksum;
        }

        payload = decoded[..^ChecksumLength];

        // What was pasted may be a private key: no copy of it stays behind.
        CryptographicOperations.ZeroMemory(bytes);
        CryptographicOperations.ZeroMemory(decoded);
        return Base58Fault.None;
    }

    private static int CountLeading<T>(ReadOnlySpan<T> values, T value)
        where T : IEquatable<T>
    {
        var index = values.IndexOfAnyExcept(value);
        return index < 0 ? values.Length : index;
    }
}
