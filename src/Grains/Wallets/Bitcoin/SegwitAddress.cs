namespace OpenBitum.Wallets;

/// <summary>
/// Witness programs as addresses: version 0 in bech32 (BIP173), 1 to 16 in bech32m (BIP350), 2 to 40 bytes, for
/// version 0 exactly 20 or 32 (BIP141).
/// </summary>
internal static class SegwitAddress
{
    private const int MaximumVersion = 16;
    private const int MinimumProgramLength = 2;
    private const int MaximumProgramLength = 40;

    public static string Encode(string humanReadablePart, byte version, ReadOnlySpan<byte> program)
    {
        Span<byte> values = stackalloc byte[1 + (program.Length * 8 + 4) / 5];
        values[0] = version;
        var (bits, bitCount, length) = (0, 0, 1);
        foreach (var value in program)
        {
            bits = (bits << 8 | value) & 0xFFF;
            bitCount += 8;
            while (bitCount >= 5)
            {
                bitCount -= 5;
                values[length++] = (byte)(bits >> bitCount & 31);
            }
        }

        if (bitCount > 0)
        {
            values[length++] = (byte)(bits << (5 - bitCount) & 31);
        }

        return Bech32.Encode(humanReadablePart, values[..length], VariantOf(version));
    }

    /// <summary>Reads an address with the given human-readable part; false for every other text.</summary>
    public static bool TryDecode(string humanReadablePart, string text, out byte version, out byte[] program)
    {
        (version, program) = (0, []);
        if (!Bech32.TryDecode(text, out var part, out var values, out var variant)
            || part != humanReadablePart
            || values.Length == 0
            || values[0] > MaximumVersion
            || variant != VariantOf(values[0])
            || !TryRegroup(values.AsSpan(1), out program))
        {
            return false;
        }

        version = values[0];
        return version == 0
            ? program.Length is 20 or 32
            : program.Length is >= MinimumProgramLength and <= MaximumProgramLength;
    }

    private static Bech32Variant VariantOf(byte version) =>
        version == 0 ? Bech32Variant.Bech32 : Bech32Variant.Bech32m;

    /// <summary>Five-bit values to bytes; false when more than four bits, or any set bit, would be left over.</summary>
    private static bool TryRegroup(ReadOnlySpan<byte> values, out byte[] bytes)
    {
        bytes = new byte[values.Length * 5 / 8];
        var (bits, bitCount, length) = (0, 0, 0);
        foreach (var value in values)
        {
            bits = (bits << 5 | value) & 0xFFF;
            bitCount += 5;
            if (bitCount >= 8)
            {
                bitCount -= 8;
                bytes[length++] = (byte)(bits >> bitCount);
            }
        }

        return bitCount <= 4 && (bits & ((1 << bitCount) - 1)) == 0;
    }
}
