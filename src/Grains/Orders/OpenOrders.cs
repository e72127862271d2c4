namespace OpenBitum.Orders;

/// <summary>Which orders count as open and unpaid.</summary>
public static class OpenOrders
{
    /// <summary>When an order gives back what it holds for nothing; null when it holds nothing, or somebody has paid for it.</summary>
    /// <param name="order">Null while nobody may see it: it is being opened, or never came to be.</param>
    /// <param name="draftEnd">When an order that nobody may see gives it back.</param>
    public static DateTimeOffset? EndOf(BuyerOrderView? order, DateTimeOffset draftEnd) => order switch
    {
        null => draftEnd,
        { Status: OrderStatus.Pending } when !order.Payments.Any(IsLive) => order.ExpiresAt,
        _ => null,
    };

    private static bool IsLive(PaymentView payment) => payment.State is PaymentState.Seen or PaymentState.Confirmed;
}
