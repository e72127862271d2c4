using OpenBitum.Orders;

namespace OpenBitum.ReadModel;

public sealed class OrderRowsOnPostgres : OrderRowFacts<Postgres>
{
    [Fact]
    public async Task An_order_whose_row_a_rebuild_takes_away_while_it_is_replaced_comes_back_whole()
    {
        var transaction = new string('a', 64);
        var before = Order(1) with { Payments = [Payment($"{transaction}:0")] };
        await Upsert(before);
        var held = new TaskCompletionSource();

        var rebuild = Write(async session =>
        {
            await session.Execute("SELECT 1 FROM orders WHERE id = $1 FOR UPDATE", IdOf(1).Value);
            held.TrySetResult();
            while (await session.First(
                "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid",
                reader => reader.GetInt64(0)) == 0)
            {
                await Task.Yield();
            }

            foreach (var table in new[] { "orders", "order_transactions", "entitlements", "totals" })
            {
                await session.Execute($"DELETE FROM {table}");
            }
        });
        await held.Task;
        await Upsert(before with { Version = 2 });
        await rebuild;

        Assert.Equal([1], await Numbers(OrderFilter.All));
        Assert.Equal([1], await Numbers(OrderFilter.All with { Search = transaction }));
        Assert.Equal(1, await Count("SELECT COUNT(*) FROM orders WHERE version = 2"));
        Assert.Equal(1, await Count("SELECT number FROM totals WHERE measure = 'created'"));
    }
}
