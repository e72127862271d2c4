using OpenBitum.Http;
using OpenBitum.Money;
using OpenBitum.OpenApi;
using OpenBitum.Orders;
using OpenBitum.Problems;
using OpenBitum.Wallets;

namespace OpenBitum.Chains;

internal sealed record SandboxPayment(string TxId, string PaymentId, string Amount, string Asset, long? Height);

internal sealed record SandboxHeight(long Height);

internal sealed record SandboxDropped(string TxId);

/// <summary>
/// The sandbox chain by hand: payments and blocks without a node and without a token. Mapped only where SANDBOX is enabled. Each call
/// answers after the follower has looked.
/// </summary>
internal static class SandboxEndpoints
{
    public const int MostBlocks = 1_000;

    public static void MapSandbox(this IEndpointRouteBuilder api, ChainCatalog chains)
    {
        if (chains.Find(ChainCatalog.Sandbox) is null)
        {
            return;
        }

        api.MapPost("/sandbox/pay", Pay).TakesBody().Describe(SandboxDescriptions.Pay);
        api.MapPost("/sandbox/mine", Mine).Takes().Describe(SandboxDescriptions.Mine);
        api.MapPost("/sandbox/reorg", Reorg).Takes().Describe(SandboxDescriptions.Reorg);
        api.MapPost("/sandbox/replace", Replace).TakesBody().Describe(SandboxDescriptions.Replace);
        api.MapPost("/sandbox/drop", Drop).TakesBody().Describe(SandboxDescriptions.Drop);
    }

    private static async Task<OneOf.Results<Ok<SandboxPayment>, Invalid, NotFound, Refused, Unavailable>> Pay(
        RequestBody body, IGrainFactory grains)
    {
        var fields = new Fields(body);
        var orderId = fields.Text("orderId");
        var address = fields.Text("address");
        var amount = ReadAmount(fields, fields.Text("amount"));
        var confirmations = Bounded(fields, "confirmations", 1, 0, FollowOptions.MostConfirmations);
        if (orderId is null == address is null)
        {
            fields.Refuse("orderId", FieldProblemCode.Required, "Give an orderId or an address, one of them.");
        }

        if (fields.AreWrong(out var invalid))
        {
            return invalid;
        }

        if (orderId is not null)
        {
            if (!OrderId.TryParse(orderId, out var order) || await Select(grains.GetGrain<IOrderGrain>(order.Value)) is not { } found)
            {
                return new NotFound();
            }

            if (found.Method is not { } method)
            {
                return new Refused(found.Refusal);
            }

            address = method.Address;
            amount ??= Remaining(method);
        }

        if (!BitcoinAddress.TryParse(BitcoinNetwork.Sandbox, address!, out var script))
        {
            return new Invalid("address", FieldProblemCode.BadFormat, "Write an address of the sandbox, which begins with sb1.");
        }

        var output = Convert.ToHexStringLower(script.AsSpan());
        if ((amount ?? await Remaining(grains, output)) is not { } atoms)
        {
            return new Invalid("amount", FieldProblemCode.Required, "Nothing remains to be paid there; write how much to send.");
        }

        var paid = await grains.GetGrain<ISandboxChainGrain>(ISandboxChainGrain.Key)
            .Pay(new SandboxPay(output, atoms.Atoms, confirmations));
        await Look(grains);
        return new Ok<SandboxPayment>(View(paid, atoms, confirmations > 0));
    }

    private static async Task<OneOf.Results<Ok<SandboxHeight>, Invalid>> Mine(RequestBody body, IGrainFactory grains)
    {
        var fields = new Fields(body);
        var blocks = Bounded(fields, "blocks", 1, 1, MostBlocks);
        if (fields.AreWrong(out var invalid))
        {
            return invalid;
        }

        var height = await grains.GetGrain<ISandboxChainGrain>(ISandboxChainGrain.Key).Mine(blocks);
        await Look(grains);
        return new Ok<SandboxHeight>(new SandboxHeight(height));
    }

    private static async Task<OneOf.Results<Ok<SandboxHeight>, Invalid>> Reorg(RequestBody body, IGrainFactory grains)
    {
        var fields = new Fields(body);
        var depth = Bounded(fields, "depth", 1, 1, FollowOptions.JournalBlocks);
        var keep = fields.Flag("keep") ?? true;
        if (fields.AreWrong(out var invalid))
        {
            return invalid;
        }

        if (await grains.GetGrain<ISandboxChainGrain>(ISandboxChainGrain.Key).Reorg(depth, keep) is not SandboxStatus.Done)
        {
            return new Invalid("depth", FieldProblemCode.OutOfRange, "There are fewer blocks than that; write the chain's height at most.");
        }

        await Look(grains);
        return new Ok<SandboxHeight>(new SandboxHeight((await Follower(grains).Status()).Tip));
    }

    private static async Task<OneOf.Results<Ok<SandboxPayment>, Invalid, NotFound>> Replace(
        RequestBody body, IGrainFactory grains)
    {
        var fields = new Fields(body);
        var txId = fields.RequiredText("txId");
        var amount = ReadAmount(fields, fields.Text("amount"));
        if (fields.AreWrong(out var invalid))
        {
            return invalid;
        }

        if (amount is not { } atoms)
        {
            return new Invalid("amount", FieldProblemCode.Required, "Write the amount that the new transaction pays.");
        }

        var (status, paid) = await grains.GetGrain<ISandboxChainGrain>(ISandboxChainGrain.Key).Replace(txId, atoms.Atoms);
        if (status is not SandboxStatus.Done || paid is null)
        {
            return status is SandboxStatus.UnknownTransaction ? new NotFound() : Confirmed();
        }

        await Look(grains);
        return new Ok<SandboxPayment>(View(paid, atoms, isMined: false));
    }

    private static async Task<OneOf.Results<Ok<SandboxDropped>, Invalid, NotFound>> Drop(
        RequestBody body, IGrainFactory grains)
    {
        var fields = new Fields(body);
        var txId = fields.RequiredText("txId");
        if (fields.AreWrong(out var invalid))
        {
            return invalid;
        }

        var status = await grains.GetGrain<ISandboxChainGrain>(ISandboxChainGrain.Key).Drop(txId);
        if (status is not SandboxStatus.Done)
        {
            return status is SandboxStatus.UnknownTransaction ? new NotFound() : Confirmed();
        }

        await Look(grains);
        return new Ok<SandboxDropped>(new SandboxDropped(txId));
    }

    /// <summary>The order's sandbox method with its address, which is picked now if none was; null when there is no such order.</summary>
    private static async Task<(PaymentMethodView? Method, HttpError Refusal)?> Select(IOrderGrain order)
    {
        if (await order.BuyerView() is not { } view)
        {
            return null;
        }

        var method = view.PaymentMethods.FirstOrDefault(offered => offered.Chain == ChainCatalog.Sandbox);
        if (method is null or { Address: not null })
        {
            return (method, HttpError.NoPaymentMethod);
        }

        var selected = await order.SelectMethod(new SelectMethod(method.Method));
        return selected is { Status: SelectMethodStatus.Selected, Order: { } changed }
            ? (changed.PaymentMethods.First(offered => offered.Method == method.Method), HttpError.NoPaymentMethod)
            : (null, selected.Status is SelectMethodStatus.OrderClosed ? HttpError.OrderClosed : HttpError.NoPaymentMethod);
    }

    /// <summary>What remains of the order that the script was made for; null when nothing does or it is no order's.</summary>
    private static async Task<Amount?> Remaining(IGrainFactory grains, string script) =>
        await grains.GetGrain<IOrderQueries>("0").OfScript(ChainCatalog.Sandbox, script) is { } owner
            && await grains.GetGrain<IOrderGrain>(owner.Value).BuyerView() is { } order
            && order.PaymentMethods.FirstOrDefault(offered => offered.Chain == ChainCatalog.Sandbox) is { } method
                ? Remaining(method)
                : null;

    private static Amount? Remaining(PaymentMethodView method) =>
        Amount.TryParse(method.Remaining, Asset.Sandbox, out var remaining) && !remaining.IsZero ? remaining : null;

    private static Amount? ReadAmount(Fields fields, string? text)
    {
        if (text is null)
        {
            return null;
        }

        // A payment of more than 2^63 - 1 atoms fits no UTXO chain.
        if (Amount.TryParse(text, Asset.Sandbox, out var amount) && amount.Atoms >= 1 && amount.Atoms <= long.MaxValue)
        {
            return amount;
        }

        fields.Refuse("amount", FieldProblemCode.BadFormat, "Write a decimal greater than zero with at most 8 digits after the point.");
        return null;
    }

    private static int Bounded(Fields fields, string name, int usual, int least, int most)
    {
        var value = fields.Int(name) ?? usual;
        if (value < least || value > most)
        {
            fields.Refuse(name, FieldProblemCode.OutOfRange, $"Write a whole number from {least} to {most}.");
        }

        return value;
    }

    private static SandboxPayment View(SandboxPaid paid, Amount amount, bool isMined) =>
        new(paid.TxId, paid.PaymentId, amount.ToDecimal(), amount.Asset.Code, isMined ? paid.Height : null);

    private static Invalid Confirmed() => new("txId", FieldProblemCode.OutOfRange, "The transaction is confirmed already.");

    private static IChainFollowerGrain Follower(IGrainFactory grains) => grains.GetGrain<IChainFollowerGrain>(ChainCatalog.Sandbox);

    private static Task Look(IGrainFactory grains) => Follower(grains).Look();
}
