using OpenBitum.Catalog;
using OpenBitum.Http;
using OpenBitum.OpenApi;
using OpenBitum.Orders;

namespace OpenBitum.Checkout;

/// <summary>What the document says of the checkout.</summary>
internal static class CheckoutDescriptions
{
    public static Operation Initiate() => new("initiateCheckout", Tag.Checkout, "Starts a checkout")
    {
        About = "The price is the product's, and so is the merchant. The order waits for its payment until `expiresAt`. "
            + "Who has too many unpaid orders open there is answered 429; the merchant itself, with a token of its own, never.",
        Body = Schema.Object(
            Field.Required(
                "productId", Schema.Text(200), $"What is bought: `{ProductId.Prefix}` and 26 characters; anything else is not found."),
            Field.Required("email", Schema.Text(254, 3), "The buyer's mailbox."),
            Field.Optional("quantity", Schema.Whole(1, OpenOrderRules.MostQuantity).Usually(1).OrNull(), "How many."),
            Field.Optional("paymentMethod", Schema.Text(40).OrNull(), "Such as `BTC`, to have its address at once."),
            Field.Optional("returnUrl", Schema.Url(OpenOrderRules.LongestReturnUrl).OrNull(), "https: where the buyer goes afterwards."),
            Field.Optional(
                "metadata",
                Schema.Pairs(
                    Schema.Text(OpenOrderRules.LongestMetadataValue), OpenOrderRules.MostMetadata, OpenOrderRules.LongestMetadataKey).OrNull(),
                "Kept with the order for the merchant.")),
        BodyExample = $$"""{ "productId": "{{Sample.Product}}", "email": "{{Sample.Email}}", "quantity": 1 }""",
        Example = new CheckoutStarted(Sample.Order, $"https://pay.example/checkout/{Sample.Order}"),
        Refusals = [HttpError.OutOfStock, HttpError.NoPaymentMethod, HttpError.RateUnavailable, HttpError.ChainUnavailable],
        Sends = AnswerHeader.Location,
    };
}
