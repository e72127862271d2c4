namespace OpenBitum.Wallets;

/// <summary>
/// The output descriptors of one key (BIP381, BIP382, BIP386): <c>pkh()</c>, <c>sh(wpkh())</c>, <c>wpkh()</c> and
/// <c>tr()</c>, with or without checksum (BIP380).
/// </summary>
internal static class OutputDescriptor
{
    private static readonly (string Start, string End, ScriptType Script)[] Forms =
    [
        ("pkh(", ")", ScriptType.P2pkh),
        ("wpkh(", ")", ScriptType.P2wpkh),
        ("sh(wpkh(", "))", ScriptType.P2shP2wpkh),
        ("tr(", ")", ScriptType.P2tr),
    ];

    /// <summary>Descriptors that exist (BIP381 to BIP387, BIP390) and have several keys, or none, or no address.</summary>
    private static readonly string[] OtherFunctions =
        ["sh(", "wsh(", "pk(", "multi(", "sortedmulti(", "combo(", "raw(", "addr(", "rawtr(", "musig("];

    /// <summary>Whether a text is meant as a descriptor: neither keys nor origins have such characters.</summary>
    public static bool IsMeant(string text) => text.AsSpan().ContainsAny('(', ')', '#');

    /// <summary>Reads the script type and the text of the key; anything but None says why not.</summary>
    public static KeyFault Read(string text, out ScriptType script, out string keyText)
    {
        (script, keyText) = (default, "");
        var fault = CutChecksum(text, out var descriptor);
        if (fault is not KeyFault.None)
        {
            return fault;
        }

        foreach (var (start, end, candidate) in Forms)
        {
            if (descriptor.StartsWith(start, StringComparison.Ordinal)
                && descriptor.EndsWith(end, StringComparison.Ordinal)
                && !descriptor.AsSpan(start.Length..^end.Length).ContainsAny('(', ')'))
            {
                (script, keyText) = (candidate, descriptor[start.Length..^end.Length]);

                // tr(KEY,TREE) can be spent by scripts too, which its addresses commit to.
                return keyText.Contains(',') ? KeyFault.UnsupportedDescriptor : KeyFault.None;
            }
        }

        var isWhole = descriptor.EndsWith(')');
        var isOther = OtherFunctions.Any(start => descriptor.StartsWith(start, StringComparison.Ordinal))
            || descriptor.StartsWith("tr(", StringComparison.Ordinal) && descriptor.Contains(',');
        return isWhole && isOther ? KeyFault.UnsupportedDescriptor : KeyFault.InvalidDescriptor;
    }

    /// <summary>Adds the checksum to a descriptor that we wrote.</summary>
    public static string WithChecksum(string descriptor) =>
        DescriptorChecksum.TryCompute(descriptor, out var checksum)
            ? $"{descriptor}#{checksum}"
            : throw new ArgumentException("A descriptor has characters that none can have.", nameof(descriptor));

    private static KeyFault CutChecksum(string text, out string descriptor)
    {
        var mark = text.IndexOf('#', StringComparison.Ordinal);
        descriptor = mark < 0 ? text : text[..mark];
        var isComputed = DescriptorChecksum.TryCompute(descriptor, out var expected);
        if (mark < 0)
        {
            return isComputed ? KeyFault.None : KeyFault.InvalidDescriptor;
        }

        return isComputed && text[(mark + 1)..] == expected ? KeyFault.None : KeyFault.DescriptorChecksum;
    }
}
