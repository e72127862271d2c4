using OpenBitum.Orders;

namespace OpenBitum.ReadModel;

/// <summary>Table `order_transactions`: which orders a transaction pays. It is part of what an order's row shows.</summary>
public static class OrderTransactionRows
{
    /// <summary>
    /// Adds what this version of the order has and the last one had not. Payments are only ever appended, and anybody may send
    /// thousands of tiny ones: each is written once.
    /// </summary>
    /// <param name="known">How many of its payments are here already.</param>
    public static async Task Add(SqlSession session, MerchantOrderView order, int known)
    {
        foreach (var transaction in order.Payments.Skip(known).Select(payment => payment.TransactionId).Distinct())
        {
            await session.Execute(
                "INSERT INTO order_transactions (merchant, tx_id, order_id) VALUES ($1, $2, $3) ON CONFLICT (merchant, tx_id, order_id) DO NOTHING",
                order.Merchant.Value, transaction, order.OrderId.Value);
        }
    }
}
