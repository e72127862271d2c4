using System.Text;

namespace OpenBitum.Wallets;

/// <summary>The two checksums of the format: BIP173's, and BIP350's for witness versions above 0.</summary>
internal enum Bech32Variant : uint
{
    Bech32 = 1,
    Bech32m = 0x2BC830A3,
}

/// <summary>Text made of a human-readable part, the digit 1, five-bit characters and a checksum (BIP173, BIP350).</summary>
internal static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int ChecksumLength = 6;
    private const int MaximumLength = 90;

    private static ReadOnlySpan<uint> Generators => [0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3];

    /// <summary>Writes five-bit values; the human-readable part is given in lower case.</summary>
    public static string Encode(string humanReadablePart, ReadOnlySpan<byte> values, Bech32Variant variant)
    {
        var checksum = Start(humanReadablePart);
        foreach (var value in values)
        {
            checksum = Step(checksum, value);
        }

        for (var i = 0; i < ChecksumLength; i++)
        {
            checksum = Step(checksum, 0);
        }

        checksum ^= (uint)variant;
        Span<char> text = stackalloc char[humanReadablePart.Length + 1 + values.Length + ChecksumLength];
        humanReadablePart.CopyTo(text);
        text[humanReadablePart.Length] = '1';
        var data = text[(humanReadablePart.Length + 1)..];
        for (var i = 0; i < values.Length; i++)
        {
            data[i] = Alphabet[values[i]];
        }

        for (var i = 0; i < ChecksumLength; i++)
        {
            data[values.Length + i] = Alphabet[(int)(checksum >> (5 * (ChecksumLength - 1 - i))) & 31];
        }

        return new string(text);
    }

    /// <summary>
    /// Reads the five-bit values before the checksum. False for mixed case, a foreign character, a missing separator,
    /// over 90 characters, or a checksum of neither variant.
    /// </summary>
    public static bool TryDecode(string text, out string humanReadablePart, out byte[] values, out Bech32Variant variant)
    {
        (humanReadablePart, values, variant) = ("", [], default);
        var lower = text.ToLowerInvariant();
        var separator = lower.LastIndexOf('1');

        // Beyond ASCII, letters such as the Kelvin sign have lower-case forms in the alphabet.
        var isOneCase = Ascii.IsValid(text) && (text == lower || text == text.ToUpperInvariant());
        if (!isOneCase || text.Length > MaximumLength || separator < 1 || separator + 1 + ChecksumLength > text.Length)
        {
            return false;
        }

        humanReadablePart = lower[..separator];
        if (humanReadablePart.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return false;
        }

        var checksum = Start(humanReadablePart);
        var data = new byte[text.Length - separator - 1];
        for (var i = 0; i < data.Length; i++)
        {
            var value = Alphabet.IndexOf(lower[separator + 1 + i], StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            data[i] = (byte)value;
            checksum = Step(checksum, data[i]);
        }

        variant = (Bech32Variant)checksum;
        values = data[..^ChecksumLength];
        return variant is Bech32Variant.Bech32 or Bech32Variant.Bech32m;
    }

    private static uint Start(string humanReadablePart)
    {
        uint checksum = 1;
        foreach (var character in humanReadablePart)
        {
            checksum = Step(checksum, (byte)(character >> 5));
        }

        checksum = Step(checksum, 0);
        foreach (var character in humanReadablePart)
        {
            checksum = Step(checksum, (byte)(character & 31));
        }

        return checksum;
    }

    private static uint Step(uint checksum, byte value)
    {
        var top = checksum >> 25;
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value;
        for (var i = 0; i < Generators.Length; i++)
        {
            checksum ^= (top >> i & 1) != 0 ? Generators[i] : 0;
        }

        return checksum;
    }
}
