using System.Text.Json;
using OpenBitum.Access;
using OpenBitum.Outbox;
using Xunit;

namespace OpenBitum.Customers;

public sealed class CustomerTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly CustomerId First = new("cus_01JD0000000000000000000001");
    private static readonly CustomerId Second = new("cus_01JD0000000000000000000002");
    private static readonly MeetCustomer Meet = new(new MerchantId("shop-1"), "Buyer@Example.com", Test: true);

    [Fact]
    public void A_buyer_is_met_once()
    {
        var first = Customer.Decide(null, First, Meet, Now);
        var second = Customer.Decide(first.State, Second, Meet with { Email = "buyer@example.com" }, Now.AddDays(1));

        Assert.True(first.IsNew);
        Assert.False(second.IsNew);
        Assert.Same(first.State, second.State);
    }

    [Fact]
    public void The_merchant_is_told_of_them()
    {
        var told = Customer.Decide(null, First, Meet, Now).Events.Single();

        Assert.Equal((EventType.CustomerCreated, First.Value, 1L, true), (told.Type, told.Subject, told.Sequence, told.Test));
        var body = JsonDocument.Parse(told.Body).RootElement;
        Assert.Equal(told.Id.Value, body.GetProperty("id").GetString());
        Assert.True(body.GetProperty("test").GetBoolean());
        var data = body.GetProperty("data");
        Assert.Equal((First.Value, 1), (data.GetProperty("customerId").GetString(), data.GetProperty("sequence").GetInt32()));
        Assert.Equal("Buyer@Example.com", data.GetProperty("customer").GetProperty("email").GetString());
    }

    [Fact]
    public void One_e_mail_is_one_customer_of_a_merchant_and_shows_in_no_key()
    {
        var key = ICustomerGrain.KeyOf(Meet.Merchant, "Buyer@Example.com");

        Assert.Equal(key, ICustomerGrain.KeyOf(Meet.Merchant, "buyer@example.COM"));
        Assert.NotEqual(key, ICustomerGrain.KeyOf(new MerchantId("shop-2"), "buyer@example.com"));
        Assert.DoesNotContain("buyer", key, StringComparison.OrdinalIgnoreCase);
    }
}
