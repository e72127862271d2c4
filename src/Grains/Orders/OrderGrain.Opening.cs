using OpenBitum.Catalog;
using OpenBitum.Checkout;
using OpenBitum.Customers;
using OpenBitum.Shop;
using OpenBitum.Site;
using OpenBitum.Time;

namespace OpenBitum.Orders;

public sealed partial class OrderGrain
{
    /// <summary>
    /// Killed anywhere, the draft is found by its reminder and gives back what it took; asked again, every step repeats or resumes.
    /// Steps that need nothing of one another run together, because each waits for the disk.
    /// </summary>
    public async Task<OpenOrderResult> Open(OpenOrder command)
    {
        if (outbox.State is { Status: not OrderStatus.Draft } opened)
        {
            return Order.WasOpenedBy(opened, command)
                ? new OpenOrderResult(OpenOrderStatus.Opened, [])
                : throw new InvalidOperationException($"{id} was opened by another command.");
        }

        var offered = GrainFactory.GetGrain<IProductGrain>(command.Product.Value).Offer();
        var site = await GrainFactory.GetGrain<ISiteGrain>(ISiteGrain.Key).Terms();
        var product = await offered;
        var xpPerDollar = XpPerDollar(product);
        var offer = product is not null && OpenOrderRules.Total(product.Price, command.Quantity) is { } total
            ? await offers.Find(product.Merchant, total, site.DefaultPaymentToken)
            : null;
        var url = $"{instance.PublicBaseUrl}/checkout/{id.Value}";
        var decision = Order.Decide(
            new DraftOrder(id, command, product, offer, options, site.ProcessingFeePct, await xpPerDollar, url, instance.IsLocal), clock.Now());
        if (decision.Draft is not { } draft)
        {
            LeaveIfUnknown();
            return new OpenOrderResult(decision.Status, decision.Problems);
        }

        return await Pend(draft, Order.FirstMethod(offer!, command));
    }

    private Task<decimal> XpPerDollar(ProductOffer? product) => product is null
        ? Task.FromResult(0m)
        : GrainFactory.GetGrain<IShopGrain>(IShopGrain.KeyOf(product.Merchant)).XpPerDollar();

    private async Task<OpenOrderResult> Pend(OrderState draft, OfferedMethod? method)
    {
        if (outbox.State is { } former
            && (former.Line.Product, former.Line.Quantity, former.Stock) != (draft.Line.Product, draft.Line.Quantity, draft.Stock))
        {
            await GiveBackDraft(former);
        }

        var reminded = Remind(draft.ExpiresAt - clock.Now());
        if (draft.Stock is StockStanding.Reserved)
        {
            // Only what is taken from the product has to be given back; without stock the order itself is the first write.
            await reminded;
            await outbox.Save(draft);
            if (await Product(draft).Reserve(Units(draft)) is ReserveStatus.OutOfStock)
            {
                await outbox.Forget();
                Arrange();
                return new OpenOrderResult(OpenOrderStatus.OutOfStock, []);
            }
        }

        // Who is refused becomes no customer and burns no address, so these two wait for the stock.
        var customer = GrainFactory.GetGrain<ICustomerGrain>(ICustomerGrain.KeyOf(draft.Merchant, draft.Asked.Email))
            .Meet(new MeetCustomer(draft.Merchant, draft.Asked.Email, draft.IsTest));
        var address = GiveAddress(draft, method);
        await Task.WhenAll(reminded, outbox.Announce(), customer, address);

        await Keep(Order.Decide(draft, new PendOrder(await customer, await address), clock.Now()));
        await FollowErasure();
        return new OpenOrderResult(OpenOrderStatus.Opened, []);
    }

    private async Task<MethodAddress?> GiveAddress(OrderState draft, OfferedMethod? method) =>
        method is null
            ? null
            : new MethodAddress(method.Method, await addresses.Give(id, method.Chain.Id, method.Key.KeyId, draft.CreatedAt));

    /// <summary>Gives back what a draft may have taken, and forgets it.</summary>
    private async Task GiveBackDraft(OrderState draft)
    {
        if (draft.Stock is not StockStanding.None)
        {
            await Product(draft).Withdraw(id);
            await Product(draft).Acknowledge(id);
        }

        await outbox.Forget();
    }
}
