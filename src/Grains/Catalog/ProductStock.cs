using OpenBitum.Orders;

namespace OpenBitum.Catalog;

/// <summary>
/// What an order's taking or giving back does to a product; <see cref="State"/> is the product as it was when nothing changes.
/// </summary>
public readonly record struct StockDecision(ReserveStatus Status, ProductState? State);

/// <summary>
/// The rules of stock. An order's id is kept from what it asks until it acknowledges, so that asking twice takes or gives once.
/// </summary>
public static partial class Product
{
    private const int GivenBack = 0;

    public static StockDecision Reserve(ProductState? product, ReserveStock command, DateTimeOffset now)
    {
        if (product is null)
        {
            return new StockDecision(ReserveStatus.OutOfStock, product);
        }

        if (product.Unacknowledged.TryGetValue(command.Order, out var units))
        {
            // A late copy of the request must not take again what its order has given back.
            return new StockDecision(units == GivenBack ? ReserveStatus.OutOfStock : ReserveStatus.Reserved, product);
        }

        if (product.Deleted || product.Stock < command.Quantity)
        {
            return new StockDecision(ReserveStatus.OutOfStock, product);
        }

        return new StockDecision(
            ReserveStatus.Reserved,
            product.Stock is null ? product : Move(product, command.Order, -command.Quantity, command.Quantity, now));
    }

    /// <summary>Gives back what an order took, whether it has acknowledged the taking or not.</summary>
    public static StockDecision Return(ProductState? product, ReserveStock command, DateTimeOffset now)
    {
        if (product is null || product.Unacknowledged.GetValueOrDefault(command.Order, command.Quantity) == GivenBack)
        {
            return new StockDecision(ReserveStatus.Reserved, product);
        }

        return new StockDecision(ReserveStatus.Reserved, Move(product, command.Order, command.Quantity, GivenBack, now));
    }

    /// <summary>Gives back what an order took, if its request to take has arrived at all; one that arrives later takes nothing.</summary>
    public static StockDecision Withdraw(ProductState? product, OrderId order, DateTimeOffset now)
    {
        if (product is null)
        {
            return new StockDecision(ReserveStatus.Reserved, product);
        }

        var known = product.Unacknowledged.TryGetValue(order, out var units);
        return new StockDecision(
            ReserveStatus.Reserved,
            known && units == GivenBack ? product : Move(product, order, units, GivenBack, now));
    }

    /// <summary>Forgets an order that has written down what it took or gave back.</summary>
    public static StockDecision Acknowledge(ProductState? product, OrderId order) =>
        new(
            ReserveStatus.Reserved,
            product?.Unacknowledged.ContainsKey(order) == true
                ? product with { Unacknowledged = product.Unacknowledged.Remove(order) }
                : product);

    private static ProductState Move(ProductState product, OrderId order, int change, int units, DateTimeOffset now)
    {
        var noted = product with { Unacknowledged = product.Unacknowledged.SetItem(order, units) };
        return change == 0 || product.Stock is not { } stock
            ? noted
            : noted with { Stock = stock + change, Revision = product.Revision + 1, UpdatedAt = now };
    }
}
