namespace OpenBitum.Wallets;

/// <summary>
/// Reads what a merchant gives as wallet key. Form first, so that a malformed text is refused for its form; then, in
/// the order in which someone should learn it: that it is private, of several keys, of another network, or has no
/// addresses of its own.
/// </summary>
internal static class WalletKeyReader
{
    public static KeyFault Read(
        BitcoinNetwork network,
        string text,
        string? scriptType,
        out (ScriptType Script, KeyExpression Expression, ExtendedKey Parent, string Text) reading)
    {
        reading = default;
        if (text.Length == 0)
        {
            return KeyFault.Missing;
        }

        if (text.Length > WalletKey.MaximumTextLength)
        {
            return KeyFault.TooLong;
        }

        if (PrivateKeyText.IsRecoveryPhrase(text))
        {
            return KeyFault.RecoveryPhrase;
        }

        var isDescriptor = OutputDescriptor.IsMeant(text);
        var (named, keyText) = (default(ScriptType), text);
        var fault = isDescriptor ? OutputDescriptor.Read(text, out named, out keyText) : KeyFault.None;
        if (fault is KeyFault.UnsupportedDescriptor && PrivateKeyText.IsIn(text))
        {
            return KeyFault.PrivateKey;
        }

        if (fault is not KeyFault.None)
        {
            return fault;
        }

        fault = KeyExpression.Read(keyText, out var expression);
        if (fault is KeyFault.None)
        {
            fault = Judge(network, expression, isDescriptor);
        }

        if (fault is not KeyFault.None)
        {
            return fault;
        }

        var key = expression.ExtendedKey!;
        fault = ChooseScript(network, scriptType, isDescriptor ? named : null, expression, out var script);
        if (fault is not KeyFault.None)
        {
            return fault;
        }

        var isBare = expression.IsBare && !isDescriptor;
        var complete = expression.IsRanged ? expression : expression.WithReceivingBranch();
        if (!TryDerive(key, complete.Path, out var parent))
        {
            return KeyFault.InvalidPath;
        }

        var canonical = isBare
            ? keyText
            : OutputDescriptor.WithChecksum(script.ToDescriptor(complete.ToText(network.NodeKeyVersion)));
        reading = (script, complete, parent, canonical);
        return KeyFault.None;
    }

    private static KeyFault Judge(BitcoinNetwork network, KeyExpression expression, bool isDescriptor)
    {
        if (expression.IsPrivate)
        {
            return KeyFault.PrivateKey;
        }

        if (expression.IsUncompressed)
        {
            return KeyFault.Uncompressed;
        }

        if (expression.ExtendedKey is not { } key)
        {
            return KeyFault.SingleKey;
        }

        if (key.Version.Script is null)
        {
            return KeyFault.MultiSignature;
        }

        // A key expression with origin or path is a descriptor without its function, and takes a descriptor's keys.
        var prefix = key.Version.PublicPrefix;
        var takesAsDescriptor = isDescriptor || !expression.IsBare;
        var prefixes = takesAsDescriptor ? network.DescriptorKeyPrefixes : network.BareKeyPrefixes;
        if (!prefixes.Contains(prefix))
        {
            return takesAsDescriptor && network.BareKeyPrefixes.Contains(prefix)
                ? KeyFault.ScriptPrefixInDescriptor
                : KeyFault.WrongNetwork;
        }

        if (expression.IsHardened)
        {
            return KeyFault.Hardened;
        }

        var needsRange = isDescriptor || !expression.Path.IsEmpty;
        return needsRange && !expression.IsRanged ? KeyFault.Unranged : KeyFault.None;
    }

    private static KeyFault ChooseScript(
        BitcoinNetwork network,
        string? scriptType,
        ScriptType? named,
        KeyExpression expression,
        out ScriptType script)
    {
        script = named ?? expression.ExtendedKey!.Version.Script!.Value;
        if (scriptType is not null)
        {
            if (!ScriptTypeNames.TryParse(scriptType, out script))
            {
                return ScriptTypeNames.IsKnownButUnsupported(scriptType)
                    ? KeyFault.ScriptTypeUnsupported
                    : KeyFault.ScriptTypeUnknown;
            }

            if (named is not null && named != script)
            {
                return KeyFault.ScriptTypeContradicts;
            }

            return network.Scripts.Contains(script) ? KeyFault.None : KeyFault.ScriptTypeNotOnNetwork;
        }

        if (named is not null)
        {
            return network.Scripts.Contains(script) ? KeyFault.None : KeyFault.ScriptNotOnNetwork;
        }

        if (!expression.IsBare)
        {
            // Its prefix would mean P2PKH while its origin may say otherwise; the wallet would not see the payments.
            return KeyFault.ScriptMissing;
        }

        // Where there is one script only, a neutral prefix cannot mean another.
        script = network.Scripts is [var only] ? only : script;
        return KeyFault.None;
    }

    private static bool TryDerive(ExtendedKey key, IEnumerable<uint> path, out ExtendedKey derived)
    {
        derived = key;
        foreach (var step in path)
        {
            if (!derived.TryDerive(step, out derived))
            {
                return false;
            }
        }

        return true;
    }
}
