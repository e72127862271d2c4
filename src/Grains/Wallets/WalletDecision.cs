using System.Collections.Immutable;
using OpenBitum.Problems;

namespace OpenBitum.Wallets;

/// <summary>What to do with a key that was given.</summary>
public abstract record WalletDecision
{
    private WalletDecision()
    {
    }

    public sealed record Refused(ImmutableArray<FieldProblem> Problems) : WalletDecision;

    /// <summary>The key is well; decide again with what the chain's node derives from it.</summary>
    public sealed record AskNode(WalletKey Key, int Count) : WalletDecision;

    /// <summary>Register the key, then store the state.</summary>
    public sealed record Accepted(WalletKey Key, WalletState State) : WalletDecision;
}
