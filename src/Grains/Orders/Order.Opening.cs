using System.Collections.Immutable;
using System.Text.Json;
using OpenBitum.Catalog;
using OpenBitum.Checkout;
using OpenBitum.Json;
using OpenBitum.Money;
using OpenBitum.Outbox;
using OpenBitum.Problems;

namespace OpenBitum.Orders;

public static partial class Order
{
    /// <summary>True when this wish opened this order, so that asking again is answered the same.</summary>
    public static bool WasOpenedBy(OrderState order, OpenOrder asked)
    {
        // An erased order no longer knows whose it was: the rest of the wish has to do.
        var comparable = order.ErasedAt is null ? asked : asked with { Email = order.Asked.Email };

        // Records compare the dictionary by reference, and one of the two was read back from the store.
        return JsonSerializer.Serialize(order.Asked, WireJson.Options) == JsonSerializer.Serialize(comparable, WireJson.Options);
    }

    /// <summary>Whether a wish becomes a draft, which nobody sees: it only remembers what may have to be given back.</summary>
    public static DraftDecision Decide(DraftOrder command, DateTimeOffset now)
    {
        if (command.Product is not { } product)
        {
            return DraftDecision.Refused(OpenOrderStatus.ProductNotFound);
        }

        var asked = command.Asked;
        var problems = OpenOrderRules.Check(asked, product.Price, command.AllowsHttp);
        if (problems.Length > 0)
        {
            return new DraftDecision(OpenOrderStatus.Invalid, null, problems);
        }

        var offer = command.Offer ?? throw new ArgumentException("A total that can be paid has an offer.", nameof(command));
        if (offer.Methods.IsEmpty || (asked.PaymentMethod is not null && Named(offer, asked.PaymentMethod) is null))
        {
            return DraftDecision.Refused(CauseOf(offer, asked.PaymentMethod));
        }

        // From here on only the product's stock can refuse.
        return new DraftDecision(OpenOrderStatus.Opened, Draft(command, product, offer, now), []);
    }

    /// <summary>The method to allocate an address for at once: the one that was named, or the only one.</summary>
    public static OfferedMethod? FirstMethod(Offer offer, OpenOrder asked) =>
        asked.PaymentMethod is { } named ? Named(offer, named) : offer.Methods.Length == 1 ? offer.Methods[0] : null;

    /// <summary>A draft that has everything becomes an order, and the merchant hears of it.</summary>
    public static OrderDecision Decide(OrderState draft, PendOrder command, DateTimeOffset now)
    {
        if (draft.Status is not OrderStatus.Draft)
        {
            return OrderDecision.Unchanged(draft);
        }

        var pending = draft with
        {
            Status = OrderStatus.Pending,
            Customer = command.Customer,
            Methods = command.Address is { } given ? WithAddress(draft.Methods, given) : draft.Methods,
        };
        return OrderEvents.Tell(pending, [EventType.OrderCreated], now);
    }

    private static OrderState Draft(DraftOrder command, ProductOffer product, Offer offer, DateTimeOffset now)
    {
        var asked = command.Asked;
        var total = product.Price * asked.Quantity;
        return new OrderState
        {
            Id = command.Id,
            Merchant = product.Merchant,
            Status = OrderStatus.Draft,
            Asked = asked,
            Lines = [new OrderLine(product.Id, product.Name, asked.Quantity, product.Price, product.Entitlements)],
            Total = total,
            Terms = new OrderTerms
            {
                LateWindowSeconds = command.Options.LateWindowSeconds,
                UnderpaymentTolerancePct = command.Options.UnderpaymentTolerancePct,
            },
            CheckoutUrl = command.CheckoutUrl,
            CreatedAt = now,
            ExpiresAt = now.AddSeconds(product.TtlSeconds ?? command.Options.TtlSeconds),
            Methods = [.. offer.Methods.Select(Lock)],
            RefusedMethods = offer.Refused,
            ProcessingFee = ProcessingFee.Of(command.ProcessingFeePct, total),
            Xp = Points.Of(command.XpPerDollar, offer),
            Stock = product.HasStock ? StockStanding.Reserved : StockStanding.None,
        };
    }

    private static OrderMethod Lock(OfferedMethod offered) => new(
        offered.Method, offered.Chain.Id, offered.Due, offered.Rate.ToDecimal(), offered.Rate.Source,
        offered.Chain.ConfirmationsRequired, null);

    private static OfferedMethod? Named(Offer offer, string method) => offer.Methods.FirstOrDefault(offered => offered.Method == method);

    private static OpenOrderStatus CauseOf(Offer offer, string? method) =>
        offer.Refused.FirstOrDefault(refused => refused.Method == method)?.Cause switch
        {
            MethodRefusal.ChainUnavailable => OpenOrderStatus.ChainUnavailable,
            MethodRefusal.RateUnavailable => OpenOrderStatus.RateUnavailable,
            _ => OpenOrderStatus.NoPaymentMethod,
        };
}
