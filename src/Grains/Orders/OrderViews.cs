using System.Collections.Immutable;
using System.Globalization;
using OpenBitum.Checkout;
using OpenBitum.Entitlements;
using OpenBitum.Money;

namespace OpenBitum.Orders;

/// <summary>What an order shows, made of its state.</summary>
public static class OrderViews
{
    public static BuyerOrderView ForBuyer(OrderState order, long version)
    {
        var balance = OrderBalance.Of(order);
        return new BuyerOrderView
        {
            OrderId = order.Id,
            Status = order.Status,
            ProductId = order.Line.Product,
            ProductName = order.Line.Name,
            Quantity = order.Line.Quantity,
            Price = order.Line.Price,
            Total = order.Total,
            CreatedAt = order.CreatedAt,
            ExpiresAt = order.ExpiresAt,
            PaidAt = order.PaidAt,
            CheckoutUrl = order.CheckoutUrl,
            ReturnUrl = order.Asked.ReturnUrl,
            Test = order.IsTest,
            PaymentMethods = [.. order.Methods.Select(method => Of(order, balance, method) with { Rate = null, RateSource = null })],
            Payments = [.. order.Payments.Select(payment => Of(order, payment))],
            PartiallyPaid = balance.IsPartial,
            OverpaidAmount = OverpaidAmount(order, balance),
            PaidLate = order.PaidLate,
            Reversed = order.Reversed,
            NeedsReview = NeedsReview(order),
            Version = version,
        };
    }

    public static MerchantOrderView ForMerchant(OrderState order, long version)
    {
        var balance = OrderBalance.Of(order);
        return new MerchantOrderView
        {
            OrderId = order.Id,
            Status = order.Status,
            ProductId = order.Line.Product,
            ProductName = order.Line.Name,
            Quantity = order.Line.Quantity,
            Price = order.Line.Price,
            Total = order.Total,
            CreatedAt = order.CreatedAt,
            ExpiresAt = order.ExpiresAt,
            PaidAt = order.PaidAt,
            CheckoutUrl = order.CheckoutUrl,
            ReturnUrl = order.Asked.ReturnUrl,
            Test = order.IsTest,
            PaymentMethods = [.. order.Methods.Select(method => Of(order, balance, method))],
            Payments = [.. order.Payments.Select(payment => Of(order, payment))],
            PartiallyPaid = balance.IsPartial,
            OverpaidAmount = OverpaidAmount(order, balance),
            PaidLate = order.PaidLate,
            Reversed = order.Reversed,
            NeedsReview = NeedsReview(order),
            Email = order.Asked.Email,
            CustomerId = order.Customer ?? throw new InvalidOperationException($"{order.Id} is a draft, which nobody sees."),
            Metadata = order.Asked.Metadata,
            Entitlements = [.. order.Entitlements.Select(entitlement => Of(order, entitlement))],
            ProcessingFee = order.ProcessingFee is { } fee ? Of(fee) : null,
            Xp = order.Xp,
            Merchant = order.Merchant,
            Version = version,
        };
    }

    public static PaymentView Of(OrderState order, OrderPayment payment) => new(
        payment.Id, payment.Method, new Amount(order.MethodOf(payment).Due.Asset, payment.Atoms).ToDecimal(), payment.State,
        payment.Confirmations, payment.FirstSeenAt, payment.BlockHeight, payment.Late);

    public static EntitlementView Of(OrderState order, OrderEntitlement entitlement) => new(
        entitlement.Id, order.Line.Product, order.Id, entitlement.Entitlement.Handler, entitlement.Entitlement.Key,
        entitlement.Quantity, entitlement.Status, entitlement.GrantedAt);

    private static ProcessingFeeView Of(ProcessingFee fee) => new(
        fee.Pct.ToString("0.####", CultureInfo.InvariantCulture),
        fee.Amount.ToDecimal(),
        fee.Amount.Asset.IsCurrency ? fee.Amount.Asset.Code : null,
        fee.Amount.Asset.IsCurrency ? null : fee.Amount.Asset.Code);

    private static PaymentMethodView Of(OrderState order, OrderBalance balance, OrderMethod method)
    {
        var remaining = balance.Remaining(method);
        // Only an order that waits for money asks for any, and then for exactly what is missing.
        var uri = method.Address is { } address && order.Status is OrderStatus.Pending && !remaining.IsZero
            ? PaymentUri.Of(method.Chain, address.Address, remaining)
            : null;
        return new PaymentMethodView(
            method.Method, method.Chain, method.Due.Asset.Code, method.Due.ToDecimal(), balance.Paid(method).ToDecimal(),
            remaining.ToDecimal(), method.Address?.Address, uri, method.ConfirmationsRequired, method.Rate, method.RateSource);
    }

    private static Amount? OverpaidAmount(OrderState order, OrderBalance balance) =>
        order.Status is OrderStatus.Paid ? balance.Overpaid : null;

    private static bool NeedsReview(OrderState order) => order.Review is not ReviewReasons.None;
}
