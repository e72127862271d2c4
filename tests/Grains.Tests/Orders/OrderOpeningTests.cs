using System.Collections.Immutable;
using OpenBitum.Checkout;
using OpenBitum.Customers;
using OpenBitum.Money;
using Xunit;
using static OpenBitum.Orders.OrderStory;

namespace OpenBitum.Orders;

public sealed class OrderOpeningTests
{
    private static readonly OpenOrder Asked = Draft().Asked;

    public static TheoryData<string, OpenOrder, string?> Bounds { get; } = new()
    {
        { "as it should be", Asked, null },
        { "no e-mail", Asked with { Email = "" }, "email required" },
        { "no at", Asked with { Email = "buyer.example.com" }, "email bad_format" },
        { "two ats", Asked with { Email = "a@b@example.com" }, "email bad_format" },
        { "no local part", Asked with { Email = "@example.com" }, "email bad_format" },
        { "one label", Asked with { Email = "buyer@localhost" }, "email bad_format" },
        { "empty label", Asked with { Email = "buyer@example..com" }, "email bad_format" },
        { "hyphen first", Asked with { Email = "buyer@-example.com" }, "email bad_format" },
        { "address literal", Asked with { Email = "buyer@[127.0.0.1]" }, "email bad_format" },
        { "number as domain", Asked with { Email = "buyer@127.0.0.1" }, "email bad_format" },
        { "dot first", Asked with { Email = ".buyer@example.com" }, "email bad_format" },
        { "two dots", Asked with { Email = "bu..yer@example.com" }, "email bad_format" },
        { "space", Asked with { Email = "bu yer@example.com" }, "email bad_format" },
        { "line break", Asked with { Email = "buyer@example.com\r\nBcc: x@example.com" }, "email bad_format" },
        { "quoted", Asked with { Email = "\"bu yer\"@example.com" }, "email bad_format" },
        { "plus and slash", Asked with { Email = "bu+y/er@sub.example.co" }, null },
        { "other scripts", Asked with { Email = "pelé@例え.jp" }, null },
        { "local part of 64", Asked with { Email = new string('a', 64) + "@example.com" }, null },
        { "local part of 65", Asked with { Email = new string('a', 65) + "@example.com" }, "email bad_format" },
        { "254 bytes", Asked with { Email = LongEmail(254) }, null },
        { "255 bytes", Asked with { Email = LongEmail(255) }, "email too_long" },
        { "label of 63", Asked with { Email = $"a@{new string('b', 63)}.com" }, null },
        { "label of 64", Asked with { Email = $"a@{new string('b', 64)}.com" }, "email bad_format" },
        { "quantity of 0", Asked with { Quantity = 0 }, "quantity out_of_range" },
        { "quantity of 1", Asked with { Quantity = 1 }, null },
        { "quantity of 1000", Asked with { Quantity = 1_000 }, null },
        { "quantity of 1001", Asked with { Quantity = 1_001 }, "quantity out_of_range" },
        { "greatest quantity", Asked with { Quantity = int.MaxValue }, "quantity out_of_range" },
        { "unknown method", Asked with { PaymentMethod = "DOGE" }, "paymentMethod bad_format" },
        { "method in lower case", Asked with { PaymentMethod = "btc" }, "paymentMethod bad_format" },
        { "known method", Asked with { PaymentMethod = "BTC" }, null },
        { "no return", Asked with { ReturnUrl = null }, null },
        { "http return", Asked with { ReturnUrl = "http://shop.example/" }, "returnUrl unsafe_url" },
        { "script return", Asked with { ReturnUrl = "javascript:alert(1)" }, "returnUrl bad_format" },
        { "file return", Asked with { ReturnUrl = "ftp://shop.example/" }, "returnUrl unsafe_url" },
        { "relative return", Asked with { ReturnUrl = "/thanks" }, "returnUrl bad_format" },
        { "return with a user", Asked with { ReturnUrl = "https://a:b@shop.example/" }, "returnUrl unsafe_url" },
        { "return with a space", Asked with { ReturnUrl = "https://shop.example/a b" }, "returnUrl bad_format" },
        { "return of 2048", Asked with { ReturnUrl = LongUrl(2_048) }, null },
        { "return of 2049", Asked with { ReturnUrl = LongUrl(2_049) }, "returnUrl too_long" },
        { "50 pairs", Asked with { Metadata = Pairs(50, 40, 500) }, null },
        { "51 pairs", Asked with { Metadata = Pairs(51, 40, 500) }, "metadata out_of_range" },
        { "key of 41", Asked with { Metadata = Pairs(1, 41, 1) }, "metadata out_of_range" },
        { "value of 501", Asked with { Metadata = Pairs(1, 2, 501) }, "metadata.00 too_long" },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Each_field_of_a_checkout_is_held_to_its_bounds(string what, OpenOrder asked, string? problem)
    {
        var decision = Order.Decide(Draft() with { Asked = asked }, Start);

        var found = decision.Problems.Select(one => $"{one.Field} {one.Code}").ToList();
        Assert.True(found.SequenceEqual(problem is null ? [] : [problem]), $"{what}: {string.Join(", ", found)}");
        Assert.Equal(problem is null ? OpenOrderStatus.Opened : OpenOrderStatus.Invalid, decision.Status);
    }

    [Fact]
    public void A_developers_own_instance_returns_to_http()
    {
        var draft = Draft() with { Asked = Asked with { ReturnUrl = "http://localhost:3000/" } };

        Assert.Equal(OpenOrderStatus.Invalid, Order.Decide(draft, Start).Status);
        Assert.Equal(OpenOrderStatus.Opened, Order.Decide(draft with { AllowsHttp = true }, Start).Status);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1_000, false)]
    public void A_total_that_no_amount_can_hold_is_out_of_range(int quantity, bool isHeld)
    {
        var price = new Amount(Asset.Bitcoin, Int128.Parse(new string('9', Amount.MaximumDigits), System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(isHeld, OpenOrderRules.Total(price, quantity) is not null);
    }

    [Fact]
    public void A_product_that_cannot_be_bought_is_the_first_thing_to_learn()
    {
        var decision = Order.Decide(Draft() with { Product = null, Offer = null, Asked = Asked with { Email = "" } }, Start);

        Assert.Equal(OpenOrderStatus.ProductNotFound, decision.Status);
    }

    [Theory]
    [InlineData("ETH", OpenOrderStatus.NoPaymentMethod)]
    [InlineData("SANDBOX", OpenOrderStatus.ChainUnavailable)]
    [InlineData("BTC", OpenOrderStatus.Opened)]
    [InlineData(null, OpenOrderStatus.Opened)]
    public void A_named_method_that_is_not_offered_tells_its_own_cause(string? method, OpenOrderStatus status)
    {
        Assert.Equal(status, Order.Decide(Draft() with { Asked = Asked with { PaymentMethod = method } }, Start).Status);
    }

    [Theory]
    [InlineData(MethodRefusal.NoWallet, OpenOrderStatus.NoPaymentMethod)]
    [InlineData(MethodRefusal.UnderDustLimit, OpenOrderStatus.NoPaymentMethod)]
    [InlineData(MethodRefusal.ChainUnavailable, OpenOrderStatus.ChainUnavailable)]
    [InlineData(MethodRefusal.RateUnavailable, OpenOrderStatus.RateUnavailable)]
    public void Without_any_method_there_is_none_unless_one_was_named(MethodRefusal cause, OpenOrderStatus named)
    {
        var none = Draft() with { Offer = new Offer([], [new RefusedMethod("BTC", cause)]) };

        Assert.Equal(OpenOrderStatus.NoPaymentMethod, Order.Decide(none, Start).Status);
        Assert.Equal(named, Order.Decide(none with { Asked = Asked with { PaymentMethod = "BTC" } }, Start).Status);
    }

    [Fact]
    public void An_order_locks_what_was_offered()
    {
        var draft = Order.Decide(Draft(hasStock: true), Start).Draft!;

        Assert.Equal(OrderStatus.Draft, draft.Status);
        Assert.Equal(new Amount(Asset.Currency("USD")!, 200), draft.Total);
        Assert.Equal(Minute(15), draft.ExpiresAt);
        Assert.Equal(StockStanding.Reserved, draft.Stock);
        Assert.Equal(["BTC", "LTC"], draft.Methods.Select(method => method.Method));
        Assert.All(draft.Methods, method => Assert.Null(method.Address));
    }

    [Fact]
    public void The_products_own_time_goes_before_the_instances()
    {
        var draft = Draft();

        Assert.Equal(
            Start.AddSeconds(60), Order.Decide(draft with { Product = draft.Product! with { TtlSeconds = 60 } }, Start).Draft!.ExpiresAt);
    }

    [Fact]
    public void An_address_is_given_at_once_for_the_named_method_or_the_only_one()
    {
        var offer = Draft().Offer!;

        Assert.Null(Order.FirstMethod(offer, Asked));
        Assert.Equal("LTC", Order.FirstMethod(offer, Asked with { PaymentMethod = "LTC" })!.Method);
        Assert.Equal("BTC", Order.FirstMethod(offer with { Methods = [offer.Methods[0]] }, Asked)!.Method);
    }

    [Fact]
    public void A_draft_becomes_an_order_once()
    {
        var draft = Order.Decide(Draft(), Start).Draft!;
        var pend = new PendOrder(new CustomerId("cus_01JD0000000000000000000001"), new MethodAddress("LTC", new OrderAddress("k", 1, "ltc1q", "0014")));
        var first = Order.Decide(draft, pend, Start);
        var second = Order.Decide(first.State, pend, Minute(1));

        Assert.Equal(OrderStatus.Pending, first.State.Status);
        Assert.Equal("litecoin:ltc1q?amount=0.00004", OrderViews.ForBuyer(first.State, 1).PaymentMethods[1].PaymentUri);
        Assert.Null(OrderViews.ForBuyer(first.State, 1).PaymentMethods[0].PaymentUri);
        Assert.Equal(OrderEffect.Nothing, second.Effect);
    }

    [Fact]
    public void The_wish_that_opened_it_is_recognised_when_it_was_stored_in_between()
    {
        var story = new OrderStory();

        Assert.True(Order.WasOpenedBy(story.State, Draft().Asked));
        Assert.False(Order.WasOpenedBy(story.State, Draft().Asked with { Quantity = 3 }));
        Assert.False(Order.WasOpenedBy(story.State, Asked with { Metadata = Asked.Metadata.SetItem("cart", "43") }));
    }

    [Theory]
    [InlineData("BTC", SelectMethodStatus.Selected)]
    [InlineData("LTC", SelectMethodStatus.Selected)]
    [InlineData("SANDBOX", SelectMethodStatus.ChainUnavailable)]
    [InlineData("ETH", SelectMethodStatus.NoPaymentMethod)]
    [InlineData("DOGE", SelectMethodStatus.Invalid)]
    public void A_method_is_picked_while_the_order_waits(string method, SelectMethodStatus status)
    {
        var decision = Order.Decide(new OrderStory().State, new SelectMethod(method), Minute(1));

        Assert.Equal(status, decision.Status);
        Assert.Equal(method == "LTC", decision.Method is not null);
        Assert.Equal(status is SelectMethodStatus.Invalid, decision.Problems.Any(problem => problem.Field == "method"));
    }

    [Fact]
    public void A_former_address_stays_and_counts()
    {
        var story = new OrderStory(addresses: [Btc, Ltc]).Pays("a", BitcoinDue, atMinute: 2, confirmations: 1);

        Assert.Equal(OrderStatus.Paid, story.View.Status);
    }

    [Fact]
    public void A_second_address_for_a_method_changes_nothing()
    {
        var story = new OrderStory();
        var other = new GiveAddress(new MethodAddress(Btc, new OrderAddress("k", 2, "other", "00")));

        Assert.Equal(OrderEffect.Nothing, Order.Decide(story.State, other).Effect);
    }

    [Theory]
    [InlineData(14, 0, SelectMethodStatus.Selected)]
    [InlineData(15, 0, SelectMethodStatus.OrderClosed)]
    [InlineData(3, 1, SelectMethodStatus.OrderClosed)]
    public void It_is_closed_when_its_time_is_over_or_something_was_paid(int minute, int atoms, SelectMethodStatus status)
    {
        var story = new OrderStory();
        if (atoms > 0)
        {
            story.Pays("a", atoms, atMinute: 2);
        }

        Assert.Equal(status, Order.Decide(story.State, new SelectMethod("LTC"), Minute(minute)).Status);
        Assert.Equal(status, Order.Decide(story.State, new SelectMethod("BTC"), Minute(minute)).Status);
    }

    [Fact]
    public void Money_that_vanished_leaves_the_choice_open()
    {
        var story = new OrderStory().Pays("a", 5, atMinute: 2).Loses("a", atMinute: 3);

        Assert.Equal(SelectMethodStatus.Selected, Order.Decide(story.State, new SelectMethod("LTC"), Minute(4)).Status);
    }

    private static string LongEmail(int bytes)
    {
        var email = "a@";
        while (bytes - email.Length > 64)
        {
            email += new string('b', 49) + ".";
        }

        return email + new string('c', bytes - email.Length);
    }

    private static string LongUrl(int characters) => "https://shop.example/".PadRight(characters, 'a');

    private static ImmutableSortedDictionary<string, string> Pairs(int count, int keyLength, int valueLength) =>
        Enumerable.Range(0, count).ToImmutableSortedDictionary(
            number => number.ToString("00", System.Globalization.CultureInfo.InvariantCulture).PadRight(keyLength, 'k'),
            _ => new string('v', valueLength));
}
