using System.Collections.Immutable;
using OpenBitum.Chains;
using OpenBitum.Money;
using OpenBitum.Outbox;
using Xunit;
using static OpenBitum.Orders.OrderStory;

namespace OpenBitum.Orders;

/// <summary>Histories from a seed, told in any order and more than once: looks overtake each other when a follower retries.</summary>
public sealed class OrderPermutationTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Growing_money_ends_in_the_same_state_however_it_is_told(int seed)
    {
        var chance = new Chance(seed);
        var looks = Growing(chance);
        var inOrder = Tell(looks, out var granted);
        var shuffled = Tell([.. chance.Shuffle([.. looks, .. looks]), looks[^1]], out var grantedAgain);

        // How many events led there may differ; where it stands may not.
        Assert.True(
            Comparable(inOrder) == Comparable(shuffled),
            $"seed {seed}: {Comparable(inOrder)} in order, {Comparable(shuffled)} shuffled");
        Assert.True(granted == grantedAgain, $"seed {seed}: granted {granted} and {grantedAgain} times");
        Assert.InRange(granted, 0, 1);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_a_chain_does_nothing_is_granted_twice_and_no_payment_is_lost(int seed)
    {
        var chance = new Chance(seed);
        var looks = Turbulent(chance);
        var order = Tell([.. chance.Shuffle([.. looks, .. looks]), looks[^1]], out var granted);

        var known = looks[^1].Payments.Select(payment => payment.Id).ToHashSet();
        Assert.True(known.IsSubsetOf(order.Payments.Select(payment => payment.Id)), $"seed {seed} lost a payment");
        Assert.Equal(order.Payments.Length, order.Payments.Select(payment => payment.Id).Distinct().Count());
        Assert.InRange(granted, 0, 1);
        Assert.All(looks[^1].Payments, payment =>
            Assert.Equal(payment.State.ToString(), order.Payments.Single(kept => kept.Id == payment.Id).State.ToString()));
        Assert.Equal(granted == 1 ? 2 : 0, order.Entitlements.Length);
        var deep = looks[^1].Payments.Where(payment => payment.State is ObservedState.Confirmed).Aggregate(Int128.Zero, (sum, payment) => sum + payment.Atoms);
        Assert.True(deep < BitcoinDue || (order.Status is OrderStatus.Paid && !order.Reversed), $"seed {seed}: {deep} is deep and it is {order.Status}");
    }

    private static OrderState Tell(IEnumerable<PaymentsObserved> looks, out int granted)
    {
        var story = new OrderStory();
        foreach (var look in looks)
        {
            story.Hears(look, 5);
        }

        granted = story.Told.Count(type => type == EventType.OrderPaid);
        return story.State;
    }

    private static string Comparable(OrderState order) => string.Join(
        " ",
        order.Payments.OrderBy(payment => payment.Id, StringComparer.Ordinal).Select(payment => payment.ToString())
            .Prepend($"{order.Status} {order.PaidAt:O} {OrderBalance.Of(order).Overpaid} {order.PaidLate} {order.Reversed} {order.Review}"));

    /// <summary>Payments appear and get deeper; none goes.</summary>
    private static List<PaymentsObserved> Growing(Chance chance)
    {
        var looks = new List<PaymentsObserved>();
        var payments = ImmutableArray<ObservedPayment>.Empty;
        for (var look = 2; look < 10; look++)
        {
            payments = [.. payments.Select(payment => chance.Next(3) == 0 ? Deeper(payment, look) : payment)];
            if (chance.Next(2) == 0)
            {
                payments = payments.Add(Payment($"{look}", 1 + chance.Next(600), look % 4, look, 0, Btc));
            }

            looks.Add(new PaymentsObserved(Btc, look, Minute(1), payments));
        }

        return looks;
    }

    /// <summary>The same, with replacements and reorgs.</summary>
    private static List<PaymentsObserved> Turbulent(Chance chance)
    {
        var looks = new List<PaymentsObserved>();
        foreach (var look in Growing(chance))
        {
            var before = looks.Count == 0 ? [] : looks[^1].Payments;
            var payments = look.Payments.Select(payment => chance.Next(5) switch
            {
                0 => payment with { State = ObservedState.Replaced, Confirmations = 0, BlockHeight = null, BlockTime = null },
                1 => payment with { State = ObservedState.Orphaned, Confirmations = 0, BlockHeight = null, BlockTime = null },
                _ => payment,
            });
            looks.Add(look with { Payments = [.. payments] });
            Assert.True(looks[^1].Payments.Length >= before.Length);
        }

        return looks;
    }

    private static ObservedPayment Deeper(ObservedPayment payment, int minute) => payment with
    {
        State = ObservedState.Confirmed,
        Confirmations = payment.Confirmations + 1,
        BlockHeight = payment.BlockHeight ?? 100 + minute,
        BlockTime = payment.BlockTime ?? Minute(minute),
    };
}
