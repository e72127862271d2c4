using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OpenBitum.Wallets;

/// <summary>
/// Addresses as the text of output scripts: base58check for P2PKH and P2SH, bech32(m) for witness programs.
/// </summary>
public static class BitcoinAddress
{
    /// <summary>
    /// The output script that an address of this network stands for. False for a text that is none: a wrong checksum,
    /// another network, an impossible witness program.
    /// </summary>
    public static bool TryParse(BitcoinNetwork network, string text, out ImmutableArray<byte> scriptPubKey)
    {
        if (SegwitAddress.TryDecode(network.HumanReadablePart, text, out var version, out var program))
        {
            scriptPubKey = [.. OutputScript.Witness(version, program)];
            return true;
        }

        scriptPubKey = [];
        if (Base58Check.Decode(text, out var payload) is not Base58Fault.None
            || payload.Length != 1 + BitcoinHash.Hash160Length)
        {
            return false;
        }

        var hash = payload.AsSpan(1);
        if (network.PublicKeyHashVersions.Contains(payload[0]))
        {
            scriptPubKey = [.. OutputScript.PayToPublicKeyHash(hash)];
        }
        else if (network.ScriptHashVersions.Contains(payload[0]))
        {
            scriptPubKey = [.. OutputScript.PayToScriptHash(hash)];
        }

        return scriptPubKey.Length > 0;
    }

    /// <summary>The address of an output script; false when the script has none on this network.</summary>
    public static bool TryFormat(
        BitcoinNetwork network,
        ReadOnlySpan<byte> scriptPubKey,
        [NotNullWhen(true)] out string? address)
    {
        address = null;
        if (OutputScript.IsWitness(scriptPubKey, out var version, out var program))
        {
            address = SegwitAddress.Encode(network.HumanReadablePart, version, program);
        }
        else if (OutputScript.IsPayToPublicKeyHash(scriptPubKey, out var hash)
            && network.PublicKeyHashVersions is [var keyHashVersion, ..])
        {
            address = Base58Check.Encode([keyHashVersion, .. hash]);
        }
        else if (OutputScript.IsPayToScriptHash(scriptPubKey, out hash)
            && network.ScriptHashVersions is [var scriptHashVersion, ..])
        {
            address = Base58Check.Encode([scriptHashVersion, .. hash]);
        }

        return address is not null;
    }
}
