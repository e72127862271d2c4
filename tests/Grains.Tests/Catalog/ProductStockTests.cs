using OpenBitum.Access;
using OpenBitum.Money;
using OpenBitum.Orders;

namespace OpenBitum.Catalog;

public sealed class ProductStockTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly OrderId First = new("ord_01JD0000000000000000000001");
    private static readonly OrderId Second = new("ord_01JD0000000000000000000002");

    [Fact]
    public void An_order_that_asks_twice_takes_once()
    {
        var taken = Product.Reserve(With(stock: 3), new ReserveStock(First, 2), Now);
        var again = Product.Reserve(taken.State, new ReserveStock(First, 2), Now);

        Assert.Equal((ReserveStatus.Reserved, 1L), (taken.Status, taken.State!.Stock));
        Assert.Equal(ReserveStatus.Reserved, again.Status);
        Assert.Same(taken.State, again.State);
    }

    [Theory]
    [InlineData(2, ReserveStatus.Reserved, 0)]
    [InlineData(3, ReserveStatus.OutOfStock, 2)]
    public void Stock_is_taken_to_the_last_unit_and_never_below(int quantity, ReserveStatus status, long left)
    {
        var decision = Product.Reserve(With(stock: 2), new ReserveStock(First, quantity), Now);

        Assert.Equal((status, left), (decision.Status, decision.State!.Stock));
    }

    [Fact]
    public void An_order_gives_back_once_before_and_after_it_acknowledged_the_taking()
    {
        var taken = Product.Reserve(With(stock: 3), new ReserveStock(First, 2), Now).State;

        foreach (var held in new[] { taken, Product.Acknowledge(taken, First).State })
        {
            var back = Product.Return(held, new ReserveStock(First, 2), Now).State;
            var again = Product.Return(back, new ReserveStock(First, 2), Now).State;

            Assert.Equal(3, back!.Stock);
            Assert.Same(back, again);
        }
    }

    [Fact]
    public void A_draft_gives_back_only_what_arrived_and_a_late_request_of_it_takes_nothing()
    {
        var never = Product.Withdraw(With(stock: 3), First, Now).State;
        var late = Product.Reserve(never, new ReserveStock(First, 2), Now);

        Assert.Equal(3, never!.Stock);
        Assert.Same(never, Product.Withdraw(never, First, Now).State);
        Assert.Equal((ReserveStatus.OutOfStock, 3L), (late.Status, late.State!.Stock));
        Assert.Equal(3, Product.Withdraw(Product.Reserve(With(stock: 3), new ReserveStock(First, 2), Now).State, First, Now).State!.Stock);
    }

    [Fact]
    public void An_acknowledged_order_leaves_nothing_in_the_record_and_the_version_stays()
    {
        var both = Product.Reserve(Product.Reserve(With(stock: 3), new ReserveStock(First, 1), Now).State, new ReserveStock(Second, 1), Now).State!;

        var acknowledged = Product.Acknowledge(both, First).State!;

        Assert.Equal([Second], acknowledged.Unacknowledged.Keys);
        Assert.Same(acknowledged, Product.Acknowledge(acknowledged, First).State);
        Assert.Equal(both.Revision, acknowledged.Revision);
        Assert.Equal(3, acknowledged.Revision);
    }

    [Fact]
    public void Uncounted_stock_is_always_there_and_remembers_nobody()
    {
        var product = With(stock: null);

        Assert.Equal(new StockDecision(ReserveStatus.Reserved, product), Product.Reserve(product, new ReserveStock(First, 1_000), Now));
        Assert.Null(Product.Return(product, new ReserveStock(First, 1_000), Now).State!.Stock);
    }

    [Fact]
    public void A_product_that_is_gone_has_no_stock()
    {
        Assert.Equal(ReserveStatus.OutOfStock, Product.Reserve(null, new ReserveStock(First, 1), Now).Status);
        Assert.Equal(ReserveStatus.OutOfStock, Product.Reserve(With(stock: 3) with { Deleted = true }, new ReserveStock(First, 1), Now).Status);
    }

    private static ProductState With(long? stock) => new()
    {
        Id = new ProductId("prd_01JD0000000000000000000001"),
        Merchant = new MerchantId("shop"),
        Revision = 1,
        Name = "Course",
        Description = "",
        Price = new Amount(Asset.Bitcoin, 1),
        Stock = stock,
        CreatedAt = Now,
        UpdatedAt = Now,
    };
}
