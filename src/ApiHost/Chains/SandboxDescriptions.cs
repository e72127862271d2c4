using OpenBitum.Http;
using OpenBitum.OpenApi;

namespace OpenBitum.Chains;

internal static class SandboxDescriptions
{
    private static readonly SandboxPayment Payment = new(Sample.TxId, $"{Sample.TxId}:0", "19.9", "SANDBOX", 12);

    private static Schema Amount => Schema.Matching(@"^[0-9]{1,19}(\.[0-9]{1,8})?$");

    private static Schema TxId => Schema.Text(64, 1);

    public static Operation Pay() => new("paySandbox", Tag.Sandbox, "Pays an order or an address")
    {
        About = "Give `orderId` or `address`, one of them. An order without a method gets its first.",
        Body = Schema.Object(
            Field.Optional("orderId", Schema.Text(200).OrNull(), "The order to be paid."),
            Field.Optional("address", Schema.Text(200).OrNull(), "An address of the sandbox."),
            Field.Optional("amount", Amount.OrNull(), "Above zero; usually what remains of the order, which an address may name as well."),
            Field.Optional(
                "confirmations",
                Schema.Whole(0, FollowOptions.MostConfirmations).Usually(1).OrNull(),
                "Blocks mined on top; 0 leaves it in the mempool.")),
        BodyExample = $$"""{ "orderId": "{{Sample.Order}}" }""",
        IsOptional = true,
        Example = Payment,
        Refusals = [HttpError.NoPaymentMethod, HttpError.OrderClosed],
    };

    public static Operation Mine() => new("mineSandbox", Tag.Sandbox, "Mines blocks")
    {
        Body = Schema.Object(Field.Optional("blocks", Schema.Whole(1, SandboxEndpoints.MostBlocks).Usually(1).OrNull(), "How many.")),
        BodyExample = """{ "blocks": 1 }""",
        IsOptional = true,
        Example = new SandboxHeight(13),
    };

    public static Operation Reorg() => new("reorgSandbox", Tag.Sandbox, "Replaces the last blocks by others")
    {
        Body = Schema.Object(
            Field.Optional("depth", Schema.Whole(1, FollowOptions.JournalBlocks).Usually(1).OrNull(), "How many blocks go; one more comes."),
            Field.Optional("keep", Schema.Flag.Usually(true).OrNull(), "Whether their transactions return.")),
        BodyExample = """{ "depth": 1, "keep": true }""",
        IsOptional = true,
        Example = new SandboxHeight(13),
    };

    public static Operation Replace() => new("replaceSandbox", Tag.Sandbox, "Replaces an unconfirmed transaction")
    {
        Body = Schema.Object(
            Field.Required("txId", TxId, "The transaction that goes."),
            Field.Required("amount", Amount, "What the new one pays.")),
        BodyExample = $$"""{ "txId": "{{Sample.TxId}}", "amount": "10" }""",
        IsOptional = true,
        Example = Payment with { Height = null },
    };

    public static Operation Drop() => new("dropSandbox", Tag.Sandbox, "Drops an unconfirmed transaction")
    {
        Body = Schema.Object(Field.Required("txId", TxId, "The transaction that goes.")),
        BodyExample = $$"""{ "txId": "{{Sample.TxId}}" }""",
        IsOptional = true,
        Example = new SandboxDropped(Sample.TxId),
    };
}
