using OpenBitum.Access;
using OpenBitum.Catalog;
using OpenBitum.Orders;
using Xunit;

namespace OpenBitum.Entitlements;

public sealed class EntitlementTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private static readonly ApplyEntitlement Apply = new(
        new EntitlementId("ent_01JD0000000000000000000001"), new OrderId("ord_01JD0000000000000000000001"), 1, new MerchantId("shop-1"),
        new ProductId("prd_01JD0000000000000000000001"), "buyer@example.com", new ProductEntitlement("record", "course-101", null), 2);

    [Fact]
    public void A_record_takes_effect_once()
    {
        var first = Entitlement.Decide(new EntitlementState(), Apply, Now);
        var second = Entitlement.Decide(first, Apply, Now.AddDays(1));

        Assert.Equal(new EntitlementOutcome(1, EntitlementStatus.Active, Now, null), first.Outcome);
        Assert.Same(first, second);
    }

    [Fact]
    public void A_handler_that_is_not_there_fails_with_its_name()
    {
        var state = Entitlement.Decide(new EntitlementState(), Apply with { Entitlement = new ProductEntitlement("fax", "k", null) }, Now);

        Assert.Equal(EntitlementStatus.Failed, state.Outcome!.Status);
        Assert.Contains("fax", state.Outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_suspension_is_kept_once_and_lifted_once()
    {
        var suspended = Entitlement.Decide(new EntitlementState(), suspended: true);

        Assert.True(suspended.Suspended);
        Assert.Same(suspended, Entitlement.Decide(suspended, suspended: true));
        Assert.False(Entitlement.Decide(suspended, suspended: false).Suspended);
    }
}
