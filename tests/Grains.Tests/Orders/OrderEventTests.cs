using System.Text;
using System.Text.Json;
using OpenBitum.Customers;
using OpenBitum.Entitlements;
using OpenBitum.Json;
using OpenBitum.Outbox;
using Xunit;
using static OpenBitum.Orders.OrderStory;

namespace OpenBitum.Orders;

public sealed class OrderEventTests
{
    [Fact]
    public void A_body_says_what_when_and_all_that_the_merchant_sees()
    {
        var created = new OrderStory(addresses: []).Events[0];
        var view = OrderViews.ForMerchant(Order.Decide(
            Order.Decide(Draft(), Start).Draft!, new PendOrder(new CustomerId("cus_01JD0000000000000000000001"), null), Start).State, 1);

        var body = JsonDocument.Parse(created.Body).RootElement;
        Assert.Equal(["id", "type", "timestamp", "test", "data"], Names(body));
        Assert.Equal(created.Id.Value, body.GetProperty("id").GetString());
        Assert.Equal("order.created", body.GetProperty("type").GetString());
        Assert.Equal("2026-01-01T12:00:00.000Z", body.GetProperty("timestamp").GetString());
        Assert.False(body.GetProperty("test").GetBoolean());

        var data = body.GetProperty("data");
        Assert.Equal(["orderId", "sequence"], Names(data).Take(2));
        Assert.Equal(1, data.GetProperty("sequence").GetInt64());
        var expected = JsonSerializer.SerializeToElement(view, WireJson.Options);
        Assert.Equal(Names(expected), Names(data).Where(name => name != "sequence"));
        Assert.All(expected.EnumerateObject(), property =>
            Assert.True(JsonElement.DeepEquals(property.Value, data.GetProperty(property.Name)), property.Name));
    }

    [Fact]
    public void Events_are_numbered_without_holes_and_named_by_their_number()
    {
        var story = new OrderStory().Pays("a", 400, atMinute: 2).Pays("b", 600, atMinute: 3).Confirms("a", atMinute: 4)
            .Confirms("b", atMinute: 5).Reports(1, EntitlementStatus.Active, atMinute: 6).Reports(2, EntitlementStatus.Failed, atMinute: 6, "x")
            .Loses("a", atMinute: 7);

        Assert.Equal(Enumerable.Range(1, story.Events.Count).Select(number => (long)number), story.Events.Select(told => told.Sequence));
        Assert.Equal(story.Events.Count, story.State.Sequence);
        Assert.Equal(story.Events.Count, story.Events.Select(told => told.Id).Distinct().Count());
        Assert.All(story.Events, told => Assert.True(EventId.TryParse(told.Id.Value, out _)));
        Assert.All(story.Events, told => Assert.Equal((Id.Value, "shop-1"), (told.Subject, told.Merchant.Value)));
    }

    [Fact]
    public void The_same_decision_freezes_the_same_bytes()
    {
        var story = new OrderStory();
        var observed = new Chains.PaymentsObserved(Btc, 9, Minute(2), [Payment("a", BitcoinDue, 2, 2, 1, Btc)]);

        Assert.Equal(story.Hear(story.State, observed, 2).Events, story.Hear(story.State, observed, 2).Events);
    }

    [Fact]
    public void A_payment_is_told_beside_its_order()
    {
        var story = new OrderStory().Pays("a", 400, atMinute: 2);
        var received = story.Events.Single(told => told.Type == EventType.PaymentReceived);

        var data = JsonDocument.Parse(received.Body).RootElement.GetProperty("data");
        Assert.Equal("a:0", data.GetProperty("payment").GetProperty("id").GetString());
        Assert.Equal("0.000004", data.GetProperty("payment").GetProperty("amount").GetString());
        Assert.True(data.GetProperty("partiallyPaid").GetBoolean());
    }

    [Fact]
    public void A_payment_first_met_when_it_was_gone_is_told_when_it_is_there()
    {
        var story = new OrderStory();
        var gone = Payment("a", 400, 2, 2, 0, Btc) with { State = Chains.ObservedState.Replaced };

        story.Hears(new Chains.PaymentsObserved(Btc, 9, Minute(2), [gone]), 2);
        Assert.Single(story.State.Payments);
        Assert.DoesNotContain(EventType.PaymentReceived, story.Told);

        story.Hears(new Chains.PaymentsObserved(Btc, 10, Minute(3), [gone with { State = Chains.ObservedState.Seen }]), 3);
        Assert.Single(story.Told, EventType.PaymentReceived);
    }

    [Fact]
    public void An_entitlement_is_told_by_itself()
    {
        var story = new OrderStory().Pays("a", BitcoinDue, atMinute: 2, confirmations: 1).Reports(1, EntitlementStatus.Active, atMinute: 3);

        var data = JsonDocument.Parse(story.Events[^1].Body).RootElement.GetProperty("data");
        Assert.Equal(["orderId", "sequence", "entitlement"], Names(data));
        Assert.Equal("active", data.GetProperty("entitlement").GetProperty("status").GetString());
        Assert.Equal("course-101", data.GetProperty("entitlement").GetProperty("key").GetString());
    }

    [Fact]
    public void Thousands_of_tiny_payments_leave_a_body_within_its_size()
    {
        var story = new OrderStory();
        var flood = Enumerable.Range(0, 500).Select(number => Payment($"{number:D64}", 1, 2, 2, 0, Btc));
        var decision = story.Hear(story.State, new Chains.PaymentsObserved(Btc, 9, Minute(2), [.. flood]), 2);

        Assert.Equal(500, decision.State.Payments.Length);
        Assert.All(decision.Events, told => Assert.InRange(Encoding.UTF8.GetByteCount(told.Body), 1, 256 * 1024));
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
