using System.Collections.Immutable;
using OpenBitum.Chains;
using OpenBitum.Money;
using OpenBitum.Wallets;

namespace OpenBitum.Checkout;

/// <summary>What is known of one configured chain when something is to be paid.</summary>
/// <param name="Key">The merchant's wallet there; null: none.</param>
/// <param name="IsReady">False while the chain is degraded.</param>
/// <param name="Rate">From its asset to the currency of the price; null when there is no fresh one.</param>
public sealed record MethodFacts(Chain Chain, CurrentKey? Key, bool IsReady, Rate? Rate);

/// <summary>A way to pay, with what is due.</summary>
public sealed record OfferedMethod(string Method, Chain Chain, CurrentKey Key, Rate Rate, Amount Due);

/// <summary>A way to pay that exists and is not offered.</summary>
public sealed record RefusedMethod(string Method, MethodRefusal Cause);

/// <summary>Why a method is not offered: nothing to pay to, a chain that cannot be trusted now, no price, or too little to send.</summary>
public enum MethodRefusal { NoWallet, ChainUnavailable, RateUnavailable, UnderDustLimit }

/// <summary>Which ways to pay a total are offered, and why the others are not.</summary>
public sealed record Offer(ImmutableArray<OfferedMethod> Methods, ImmutableArray<RefusedMethod> Refused)
{
    /// <summary>A method's name is its chain's today; tokens will bring their own.</summary>
    public static Offer Decide(Amount total, ImmutableArray<MethodFacts> known)
    {
        var methods = ImmutableArray.CreateBuilder<OfferedMethod>();
        var refused = ImmutableArray.CreateBuilder<RefusedMethod>();
        foreach (var facts in known)
        {
            if (Refusal(total, facts, out var due) is { } cause)
            {
                refused.Add(new RefusedMethod(facts.Chain.Id, cause));
            }
            else
            {
                methods.Add(new OfferedMethod(facts.Chain.Id, facts.Chain, facts.Key!, facts.Rate!, due));
            }
        }

        return new Offer(methods.ToImmutable(), refused.ToImmutable());
    }

    private static MethodRefusal? Refusal(Amount total, MethodFacts facts, out Amount due)
    {
        due = Amount.Zero(facts.Chain.Asset);
        if (facts.Key is not { } key)
        {
            return MethodRefusal.NoWallet;
        }

        if (!facts.IsReady)
        {
            return MethodRefusal.ChainUnavailable;
        }

        // A rate that makes an amount of more digits than any supply has is none.
        if (facts.Rate is not { } rate || !rate.TryConvertRoundingUp(total, out due))
        {
            return MethodRefusal.RateUnavailable;
        }

        // Nodes relay no output under it, so an address that asks for less could not be paid.
        return due < facts.Chain.DustLimit(key.ScriptType) ? MethodRefusal.UnderDustLimit : null;
    }
}
