using System.Numerics;
using OpenBitum.Money;

namespace OpenBitum.Orders;

/// <summary>
/// What an order has received against what is due: the sum of paid/due over its methods at their locked rates, in whole numbers over
/// one denominator, so that one atom decides and nothing is rounded on the way.
/// </summary>
public sealed class OrderBalance
{
    private const int MillionthsInAPercent = 10_000;

    private static readonly BigInteger Million = 1_000_000;

    private readonly OrderState order;
    private readonly BigInteger whole;
    private readonly BigInteger neededMillionths;

    private OrderBalance(OrderState order)
    {
        this.order = order;
        whole = order.Methods.Aggregate(BigInteger.One, (product, method) => product * method.Due.Atoms);
        // Four digits after the point of a percentage are whole millionths.
        neededMillionths = Million - (BigInteger)(order.Terms.UnderpaymentTolerancePct * MillionthsInAPercent);
    }

    public static OrderBalance Of(OrderState order) => new(order);

    /// <summary>Enough is there or on its way.</summary>
    public bool IsSeen => IsEnough(Sum(payment => payment.Counts && payment.IsLive));

    /// <summary>Enough is as deep as it has to be.</summary>
    public bool IsConfirmed => IsEnough(Sum(payment => payment.Counts && IsDeep(payment)));

    /// <summary>Enough is deep without what came late.</summary>
    public bool IsConfirmedInTime => IsEnough(Sum(payment => payment.Counts && IsDeep(payment) && !payment.Late));

    /// <summary>Some is there or on its way, and it is not enough.</summary>
    public bool IsPartial
    {
        get
        {
            var seen = Sum(payment => payment.Counts && payment.IsLive);
            return seen > 0 && !IsEnough(seen);
        }
    }

    /// <summary>The time of the block whose payment completed what is due; null while it is not complete, or the block has no time.</summary>
    public DateTimeOffset? CompletedAt
    {
        get
        {
            var sum = BigInteger.Zero;
            foreach (var payment in Deep().OrderBy(payment => payment.BlockTime).ThenBy(payment => payment.Id, StringComparer.Ordinal))
            {
                sum += ShareOf(payment);
                if (IsEnough(sum))
                {
                    return payment.BlockTime;
                }
            }

            return null;
        }
    }

    /// <summary>
    /// What is deep beyond what is due, in the asset of the payment that exceeded it, rounded down where two assets add up; null when
    /// nothing is.
    /// </summary>
    public Amount? Overpaid
    {
        get
        {
            var sum = BigInteger.Zero;
            OrderMethod? exceeded = null;
            foreach (var payment in Deep().OrderBy(payment => payment.FirstSeenAt).ThenBy(payment => payment.Id, StringComparer.Ordinal))
            {
                sum += ShareOf(payment);
                exceeded ??= sum > whole ? order.MethodOf(payment) : null;
            }

            if (exceeded is null)
            {
                return null;
            }

            var atoms = (sum - whole) * exceeded.Due.Atoms / whole;
            return atoms.IsZero ? null : new Amount(exceeded.Due.Asset, (Int128)atoms);
        }
    }

    /// <summary>Everything that is there or on its way by this method, late or not.</summary>
    public Amount Paid(OrderMethod method) =>
        order.Payments.Where(payment => payment.IsLive && payment.Method == method.Method)
            .Aggregate(Amount.Zero(method.Due.Asset), (sum, payment) => sum + new Amount(method.Due.Asset, payment.Atoms));

    /// <summary>What this method would have to bring so that nothing is missing: rounded up, and nothing once enough is there.</summary>
    public Amount Remaining(OrderMethod method)
    {
        var received = Sum(payment => payment.IsLive);
        if (IsEnough(received))
        {
            return Amount.Zero(method.Due.Asset);
        }

        var atoms = Amount.DivideRoundingUp((whole - received) * method.Due.Atoms, whole);
        return new Amount(method.Due.Asset, (Int128)atoms);
    }

    private IEnumerable<OrderPayment> Deep() => order.Payments.Where(payment => payment.Counts && IsDeep(payment));

    private bool IsDeep(OrderPayment payment) =>
        payment.State is PaymentState.Confirmed && payment.Confirmations >= order.MethodOf(payment).ConfirmationsRequired;

    private bool IsEnough(BigInteger share) => share * Million >= whole * neededMillionths;

    private BigInteger Sum(Func<OrderPayment, bool> counts) =>
        order.Payments.Where(counts).Aggregate(BigInteger.Zero, (sum, payment) => sum + ShareOf(payment));

    /// <summary>Which part of what is due a payment brings, in units of one over <see cref="whole"/>.</summary>
    private BigInteger ShareOf(OrderPayment payment) => payment.Atoms * (whole / order.MethodOf(payment).Due.Atoms);
}
