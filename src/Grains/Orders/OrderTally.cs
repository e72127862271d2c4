using System.Collections.Immutable;
using OpenBitum.Entitlements;
using OpenBitum.Money;
using OpenBitum.ReadModel;

namespace OpenBitum.Orders;

/// <summary>
/// What an order adds to its merchant's and its customer's totals, made of what the merchant sees of it. A sale counts when it was
/// paid; while its money is gone it does not. Refunds stand beside sales, and a refunded order gives its customer nothing.
/// Orders on the sandbox count like others: an instance that sells on it is a developer's own.
/// </summary>
public static class OrderTally
{
    public static ImmutableArray<TallyEntry> Of(MerchantOrderView order)
    {
        var entries = ImmutableArray.CreateBuilder<TallyEntry>();
        entries.Add(new TallyEntry(Measures.Created, order.CreatedAt, "", null, 1, 0));
        entries.Add(new TallyEntry(Measures.CustomerOrders, null, "", null, 1, 0));
        if (order.Status is OrderStatus.Expired)
        {
            entries.Add(new TallyEntry(Measures.Expired, order.ExpiresAt, "", null, 1, 0));
        }

        if (order is { Status: OrderStatus.Paid or OrderStatus.Refunded, Reversed: false, PaidAt: { } paidAt })
        {
            entries.Add(new TallyEntry(Measures.Sold, paidAt, "", order.Total.Asset, 1, order.Total.Atoms));
            entries.Add(new TallyEntry(Measures.SoldProduct, paidAt, order.ProductId.Value, order.Total.Asset, 1, order.Total.Atoms));
            AddReceived(entries, order, paidAt);
        }

        if (order is { Status: OrderStatus.Paid, Reversed: false })
        {
            entries.Add(new TallyEntry(Measures.CustomerSpent, null, "", order.Total.Asset, 1, order.Total.Atoms));
            // As an amount: whatever a shop gives for a dollar, the sum has room.
            entries.Add(new TallyEntry(Measures.CustomerXp, null, "", null, 0, order.Xp));
        }

        if (order.Entitlements.Count(entitlement => entitlement.Status is EntitlementStatus.Active) is > 0 and var active)
        {
            entries.Add(new TallyEntry(Measures.CustomerEntitlements, null, "", null, active, 0));
        }

        return entries.ToImmutable();
    }

    /// <summary>What is confirmed on each chain, excess included. An order that two assets of one chain have paid is one order there.</summary>
    private static void AddReceived(ImmutableArray<TallyEntry>.Builder entries, MerchantOrderView order, DateTimeOffset paidAt)
    {
        var methods = order.PaymentMethods.ToDictionary(method => method.Method);
        var chains =
            from payment in order.Payments
            where payment.State is PaymentState.Confirmed
            let method = methods[payment.Method]
            group (Asset: AssetOf(method.Asset), payment.Amount) by method.Chain;
        foreach (var chain in chains)
        {
            var number = 1;
            foreach (var received in chain.GroupBy(payment => payment.Asset).OrderBy(asset => asset.Key.Code, StringComparer.Ordinal))
            {
                var atoms = received.Aggregate(Int128.Zero, (sum, payment) => sum + AtomsOf(payment.Amount, received.Key));
                entries.Add(new TallyEntry(Measures.ReceivedOnChain, paidAt, chain.Key, received.Key, number, atoms));
                number = 0;
            }
        }
    }

    /// <summary>An asset that this version no longer knows is counted with the most digits that any has.</summary>
    private static Asset AssetOf(string code) => Asset.Crypto(code) ?? new Asset(code, 18, false);

    private static Int128 AtomsOf(string amount, Asset asset) =>
        Amount.TryParse(amount, asset, out var parsed)
            ? parsed.Atoms
            : throw new InvalidOperationException($"A view shows {amount} {asset}, which is no amount.");
}
