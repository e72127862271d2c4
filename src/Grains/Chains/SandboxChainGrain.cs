using OpenBitum.ReadModel;
using OpenBitum.Time;

namespace OpenBitum.Chains;

/// <summary>Writes the sandbox chain: each call is one transaction over its rows, so there is no state of the grain beside them.</summary>
public sealed class SandboxChainGrain(IDatabase database, TimeProvider clock) : Grain, ISandboxChainGrain
{
    public Task<SandboxPaid> Pay(SandboxPay command)
    {
        var now = clock.Now();
        return database.Write(async session =>
        {
            var coin = await SandboxRows.Next(session, "coin");
            var transaction = SandboxTransaction.Pay(coin, command.Script, checked((long)command.Atoms));
            await SandboxRows.Insert(session, await SandboxRows.Next(session, "transaction"), transaction);
            var tip = await Tip(session);
            for (var block = 0; block < command.Confirmations; block++)
            {
                tip = await Extend(session, tip, await SandboxRows.Unconfirmed(session), now);
            }

            return Paid(transaction, tip);
        });
    }

    public Task<long> Mine(int blocks)
    {
        var now = clock.Now();
        return database.Write(async session =>
        {
            var tip = await Tip(session);
            for (var block = 0; block < blocks; block++)
            {
                tip = await Extend(session, tip, await SandboxRows.Unconfirmed(session), now);
            }

            return tip.Height;
        });
    }

    public Task<SandboxStatus> Reorg(int depth, bool keep)
    {
        var now = clock.Now();
        return database.Write(async session =>
        {
            var fork = (await Tip(session)).Height - depth;
            if (depth < 1 || fork < 0)
            {
                return SandboxStatus.OutOfRange;
            }

            var returned = await SandboxRows.ConfirmedAbove(session, fork);
            await SandboxRows.RemoveBlocksAbove(session, fork);
            if (!keep)
            {
                foreach (var transaction in returned)
                {
                    await SandboxRows.Remove(session, transaction.Id);
                }
            }

            var tip = await Tip(session);
            for (var block = 0; block <= depth; block++)
            {
                tip = await Extend(session, tip, keep && block == 0 ? returned : [], now);
            }

            return SandboxStatus.Done;
        });
    }

    public Task<SandboxReplaced> Replace(string txId, Int128 atoms) =>
        database.Write(async session =>
        {
            var known = await SandboxRows.Find(session, txId);
            if (Refusal(known) is { } refusal)
            {
                return new SandboxReplaced(refusal, null);
            }

            var replacement = known!.Value.Transaction.WithAmount(checked((long)atoms));
            if (replacement.Id == txId)
            {
                // It would pay the same: nodes know such a transaction already.
                return new SandboxReplaced(SandboxStatus.OutOfRange, null);
            }

            await SandboxRows.Remove(session, txId);
            await SandboxRows.Remove(session, replacement.Id);
            await SandboxRows.Insert(session, await SandboxRows.Next(session, "transaction"), replacement);
            return new SandboxReplaced(SandboxStatus.Done, Paid(replacement, await Tip(session)));
        });

    public Task<SandboxStatus> Drop(string txId) =>
        database.Write(async session =>
        {
            if (Refusal(await SandboxRows.Find(session, txId)) is { } refusal)
            {
                return refusal;
            }

            await SandboxRows.Remove(session, txId);
            return SandboxStatus.Done;
        });

    private static SandboxStatus? Refusal((SandboxTransaction Transaction, long? Height)? known) => known switch
    {
        null => SandboxStatus.UnknownTransaction,
        { Height: not null } => SandboxStatus.AlreadyConfirmed,
        _ => null,
    };

    private static SandboxPaid Paid(SandboxTransaction transaction, SandboxBlock tip) =>
        new(transaction.Id, $"{transaction.Id}:0", tip.Height);

    private static async Task<SandboxBlock> Tip(SqlSession session) => await SandboxRows.Tip(session) ?? SandboxBlock.Genesis;

    private static async Task<SandboxBlock> Extend(
        SqlSession session, SandboxBlock tip, IReadOnlyList<SandboxTransaction> transactions, DateTimeOffset now)
    {
        var nonce = await SandboxRows.Next(session, "block");
        var block = SandboxBlock.Of(
            tip.Height + 1, tip.Hash, [SandboxTransaction.Coinbase(tip.Height + 1, nonce), .. transactions], now, nonce);
        await SandboxRows.Insert(session, block);
        foreach (var transaction in transactions)
        {
            await SandboxRows.Confirm(session, transaction.Id, block.Height);
        }

        return block;
    }
}
