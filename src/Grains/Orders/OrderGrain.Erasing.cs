using OpenBitum.Customers;
using OpenBitum.Time;

namespace OpenBitum.Orders;

public sealed partial class OrderGrain
{
    // In memory only: once published, asking once is enough, because an erasure finds whatever is in the read model by itself.
    private bool erasureFollowed;

    public async Task EraseBuyer(EraseBuyer command)
    {
        if (outbox.State is not { } order || Order.Decide(order, command, clock.Now()) is not { Effect: OrderEffect.Shown } decision)
        {
            return;
        }

        // Whoever asks asks again until this has returned, so the entitlements go first, and the order's own write ends it.
        foreach (var entitlement in order.Entitlements)
        {
            await Entitlement(entitlement).EraseBuyer(command.Hash);
        }

        // What was told already leaves the record with its next write, and the e-mail with it.
        await outbox.Publish();
        await Keep(decision);
    }

    /// <summary>
    /// An erasure looks for the customer's orders in the read model. One that was a draft meanwhile, or whose row was not published, is
    /// not there yet: it asks, once it is.
    /// </summary>
    private async Task FollowErasure()
    {
        if (outbox.State is { Customer: { } customer, ErasedAt: null } order)
        {
            var holder = GrainFactory.GetGrain<ICustomerGrain>(ICustomerGrain.KeyOf(order.Merchant, order.Asked.Email));
            if (await holder.ErasedEmail(customer) is { } hash)
            {
                await EraseBuyer(new EraseBuyer(customer, hash));
            }
        }

        erasureFollowed = outbox.IsPublished;
    }

    private Task FollowErasureOnce() => erasureFollowed ? Task.CompletedTask : FollowErasure();
}
