namespace OpenBitum.Wallets;

/// <summary>The eight characters behind <c>#</c> of an output descriptor (BIP380).</summary>
internal static class DescriptorChecksum
{
    public const int Length = 8;

    private const string InputAlphabet =
        "0123456789()[],'/*abcdefgh@:$%{}"
        + "IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~"
        + "ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";

    private const string ChecksumAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    private static ReadOnlySpan<ulong> Generators =>
        [0xF5DEE51989, 0xA9FDCA3312, 0x1BAB10E32D, 0x3706B1677A, 0x644D626FFD];

    /// <summary>False when the descriptor has a character that no descriptor can have.</summary>
    public static bool TryCompute(ReadOnlySpan<char> descriptor, out string checksum)
    {
        checksum = "";
        ulong state = 1;
        var (group, groupSize) = (0, 0);
        foreach (var character in descriptor)
        {
            var position = InputAlphabet.IndexOf(character, StringComparison.Ordinal);
            if (position < 0)
            {
                return false;
            }

            // Five bits of each position are mixed in at once, the rest of three positions together.
            state = Step(state, position & 31);
            group = group * 3 + (position >> 5);
            if (++groupSize == 3)
            {
                state = Step(state, group);
                (group, groupSize) = (0, 0);
            }
        }

        state = groupSize > 0 ? Step(state, group) : state;
        for (var i = 0; i < Length; i++)
        {
            state = Step(state, 0);
        }

        state ^= 1;
        Span<char> characters = stackalloc char[Length];
        for (var i = 0; i < Length; i++)
        {
            characters[i] = ChecksumAlphabet[(int)(state >> (5 * (Length - 1 - i)) & 31)];
        }

        checksum = new string(characters);
        return true;
    }

    private static ulong Step(ulong state, int value)
    {
        var top = state >> 35;
        state = (state & 0x7_FFFF_FFFF) << 5 ^ (ulong)value;
        for (var i = 0; i < Generators.Length; i++)
        {
            state ^= (top >> i & 1) != 0 ? Generators[i] : 0;
        }

        return state;
    }
}
