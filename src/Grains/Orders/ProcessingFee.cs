using OpenBitum.Money;

namespace OpenBitum.Orders;

/// <summary>What the operator charges the merchant of an order; a note for their accounts, never part of what is due.</summary>
/// <param name="Pct">0-100 of the order's total.</param>
/// <param name="Amount">In what the total is in, rounded half up to its smallest unit.</param>
public sealed record ProcessingFee(decimal Pct, Amount Amount)
{
    public static ProcessingFee? Of(decimal? pct, Amount total) =>
        pct is { } share ? new ProcessingFee(share, total with { Atoms = AtomsRoundingHalfUp(share, total) }) : null;

    private static Int128 AtomsRoundingHalfUp(decimal pct, Amount total) =>
        (Int128)(Fraction.Of(pct) * new Fraction(total.Atoms, 100)).RoundHalfUp();
}
