using System.Collections.Immutable;
using OpenBitum.Chains;
using OpenBitum.Money;
using OpenBitum.Wallets;

namespace OpenBitum.Checkout;

/// <summary>What is known of one configured chain when something is to be paid.</summary>
/// <param name="Key">The merchant's wallet there; null: none.</param>
/// <param name="IsReady">False while the chain is degraded.</param>
/// <param name="Rate">From its asset to the currency of the price; null when there is no fresh one.</param>
public sealed record MethodFacts(Chain Chain, CurrentKey? Key, bool IsReady, Rate? Rate)
{
    /// <summary>From its asset to US dollars; null when there is no fresh one.</summary>
    public Rate? Dollars { get; init; }
}

/// <summary>A way to pay, with what is due.</summary>
public sealed record OfferedMethod(string Method, Chain Chain, CurrentKey Key, Rate Rate, Amount Due);

/// <summary>A way to pay that exists and is not offered.</summary>
public sealed record RefusedMethod(string Method, MethodRefusal Cause);

/// <summary>Why a method is not offered: nothing to pay to, a chain that cannot be trusted now, no price, or too little to send.</summary>
public enum MethodRefusal { NoWallet, ChainUnavailable, RateUnavailable, UnderDustLimit }

/// <summary>Which ways to pay a total are offered, and why the others are not.</summary>
public sealed record Offer(ImmutableArray<OfferedMethod> Methods, ImmutableArray<RefusedMethod> Refused)
{
    private const string Dollar = "USD";

    /// <summary>What the total is worth in US dollars; null without a rate.</summary>
    public Fraction? Dollars { get; init; }

    /// <summary>A method's name is its chain's today; tokens will bring their own.</summary>
    /// <param name="total">What is to be paid.</param>
    /// <param name="known">The configured ways, in their order.</param>
    /// <param name="firstAsset">Methods in this asset stand first.</param>
    public static Offer Decide(Amount total, ImmutableArray<MethodFacts> known, string firstAsset)
    {
        var methods = ImmutableArray.CreateBuilder<OfferedMethod>();
        var refused = ImmutableArray.CreateBuilder<RefusedMethod>();
        foreach (var facts in known.OrderByDescending(facts => facts.Chain.Asset.Code == firstAsset))
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

        var offered = methods.ToImmutable();
        return new Offer(offered, refused.ToImmutable())
        {
            Dollars = DollarsOf(total, known.Where(facts => offered.Any(method => method.Chain == facts.Chain))),
        };
    }

    /// <summary>
    /// By the rate that an offered method locks. Play money, worth one of any currency, speaks only where nothing better does.
    /// </summary>
    private static Fraction? DollarsOf(Amount total, IEnumerable<MethodFacts> offered)
    {
        if (total.Asset is { Code: Dollar, IsCurrency: true })
        {
            return Fraction.Of(total);
        }

        var rates = offered.Where(facts => facts.Dollars is not null)
            .OrderBy(facts => facts.Chain.Id == ChainCatalog.Sandbox)
            .FirstOrDefault();
        return rates is null ? null : Fraction.Of(total) / Fraction.Of(rates.Rate!) * Fraction.Of(rates.Dollars!);
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
