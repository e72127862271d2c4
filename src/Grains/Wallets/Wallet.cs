using System.Collections.Immutable;
using OpenBitum.Branding;
using OpenBitum.Chains;
using OpenBitum.Problems;

namespace OpenBitum.Wallets;

/// <summary>The rules of a merchant's wallet on one chain.</summary>
public static class Wallet
{
    public const int LabelLength = 100;

    /// <summary>Addresses that a view shows and a node is asked for.</summary>
    public const int FirstAddresses = 5;

    /// <summary>Most wallets stop looking for payments after this many unpaid addresses (BIP44).</summary>
    public const int UsualGapLimit = 20;

    public const string NodeUnreachable = "node_unreachable";
    public const string DescriptorUnknownToNode = "descriptor_unknown_to_node";
    public const string GapLimit = "gap_limit";

    /// <param name="state">What is stored.</param>
    /// <param name="command">The key that is given.</param>
    /// <param name="network">Of the instance's chain; null when it follows no such chain.</param>
    /// <param name="derivation">What the chain's node says; null: it was not asked yet.</param>
    /// <param name="now">The time.</param>
    public static WalletDecision Decide(
        WalletState state,
        SetWallet command,
        BitcoinNetwork? network,
        NodeDerivation? derivation,
        DateTimeOffset now)
    {
        if (network is null)
        {
            return Refused("chain", FieldProblemCode.BadFormat, "This instance does not follow this chain.");
        }

        if (command.Label?.Length > LabelLength)
        {
            return Refused("label", FieldProblemCode.TooLong, $"A label has at most {LabelLength} characters.");
        }

        if (command.Label is { } label && !ShownText.IsOneLine(label))
        {
            return Refused("label", FieldProblemCode.BadFormat, ShownText.WriteOneLine);
        }

        if (!WalletKey.TryParse(network, command.Xpub, command.ScriptType, out var key, out var refusal))
        {
            return new WalletDecision.Refused([refusal]);
        }

        if (derivation is null)
        {
            return new WalletDecision.AskNode(key, FirstAddresses);
        }

        var addresses = key.Addresses(0, FirstAddresses).Select(address => address.Address).ToImmutableArray();
        if (derivation.Status is NodeDerivationStatus.Derived && !addresses.SequenceEqual(derivation.Addresses))
        {
            return Refused(
                "xpub",
                FieldProblemCode.WrongNetwork,
                $"The node of {network.Chain} derives other addresses from this key than {network} has. "
                + "Check that the node runs on that network.");
        }

        return new WalletDecision.Accepted(key, Replace(state, Store(key, command, addresses, WarningsOf(derivation), now)));
    }

    /// <summary>What the merchant sees of the key in force; null when there is none.</summary>
    /// <param name="state">What is stored.</param>
    /// <param name="chain">The chain's id.</param>
    /// <param name="nextIndex">How many addresses of the key were handed out.</param>
    /// <param name="highestPaid">The last one that was ever paid; null: none.</param>
    public static WalletView? View(WalletState state, string chain, long nextIndex, long? highestPaid)
    {
        if (state.Current is not { } key)
        {
            return null;
        }

        var unpaidInARow = Math.Max(0, nextIndex - 1 - (highestPaid ?? -1));
        var warnings = unpaidInARow > UsualGapLimit
            ? key.Warnings.Add(new WalletWarning(
                GapLimit,
                $"{unpaidInARow} addresses in a row are unpaid. Most wallets look {UsualGapLimit} addresses ahead: "
                + "raise the gap limit in yours, or it may not show the next payments."))
            : key.Warnings;
        return new WalletView(
            chain, key.Network, key.Text, key.ScriptType, key.Fingerprint, key.Label, nextIndex, unpaidInARow,
            key.FirstAddresses, warnings, key.CreatedAt);
    }

    private static StoredKey Store(
        WalletKey key,
        SetWallet command,
        ImmutableArray<string> addresses,
        ImmutableArray<WalletWarning> warnings,
        DateTimeOffset now) =>
        new(
            key.KeyId, key.Network.Name, key.Text, key.ScriptType.ToName(), key.Fingerprint, command.Label, addresses,
            warnings, now);

    private static WalletState Replace(WalletState state, StoredKey next)
    {
        if (state.Current is not { } current)
        {
            return state with { Current = next };
        }

        // The same key again is no replacement, however it is spelled.
        return current.KeyId == next.KeyId
            ? state with { Current = next with { CreatedAt = current.CreatedAt } }
            : new WalletState
            {
                Current = next,
                Former = [.. state.Former.Where(key => key.KeyId != next.KeyId), current],
            };
    }

    private static ImmutableArray<WalletWarning> WarningsOf(NodeDerivation derivation) => derivation.Status switch
    {
        NodeDerivationStatus.Derived or NodeDerivationStatus.NoNode => [],
        NodeDerivationStatus.Unreachable =>
        [
            new WalletWarning(
                NodeUnreachable,
                "The chain's node could not be reached, so it has not confirmed these addresses. Compare the first "
                + "ones with your wallet, or give the key again when the node is up."),
        ],
        NodeDerivationStatus.NotSupported =>
        [
            new WalletWarning(
                DescriptorUnknownToNode,
                "The chain's node does not know this kind of descriptor, so it has not confirmed these addresses. "
                + "Compare the first ones with your wallet."),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(derivation), derivation.Status, "No such answer of a node."),
    };

    private static WalletDecision.Refused Refused(string field, string code, string message) =>
        new([new FieldProblem(field, code, message)]);
}
